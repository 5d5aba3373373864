#![deny(warnings)]

use cryostorm::traced;
use std::num::ParseIntError;
use std::ops::ControlFlow;

#[traced]
fn early_return(number: u32) -> &'static str {
    if number == 0 {
        return "zero";
    }
    match number {
        1 => return "one",
        _ => {}
    }
    "many"
}

#[traced]
fn only_return(number: u32) -> Result<u32, String> {
    return Ok(number);
}

#[traced]
fn question_marks(text: &str) -> Result<u32, ParseIntError> {
    Ok(text.parse::<u32>()? + text.trim().parse::<u32>()?)
}

#[traced]
fn question_mark_in_a_closure(text: &str) -> Option<u32> {
    let parsed = || -> Result<u32, ParseIntError> { Ok(text.parse::<u32>()? + 1) };
    parsed().ok()
}

#[traced]
fn control_flow(items: &[u8]) -> ControlFlow<u8, usize> {
    for item in items {
        if *item > 1 {
            ControlFlow::Break(*item)?;
        }
    }
    ControlFlow::Continue(items.len())
}

#[traced]
fn forever(mut number: u32) -> Result<u32, String> {
    loop {
        number += 1;
        if number > 3 {
            return Ok(number);
        }
    }
}

#[traced]
fn labels(rows: &[Vec<i32>]) -> Result<i32, String> {
    let mut sum = 0;
    'rows: for row in rows {
        for item in row {
            if *item < 0 {
                continue 'rows;
            }
            if *item == 0 {
                break 'rows;
            }
            sum += item;
        }
    }
    let doubled = 'block: {
        if sum > 100 {
            break 'block sum;
        }
        sum * 2
    };
    Ok(loop {
        break doubled;
    })
}

#[traced]
fn let_else(text: Option<&str>) -> Result<usize, &'static str> {
    let Some(text) = text else { return Err("nothing") };
    Ok(text.len())
}

#[traced]
fn let_chain(text: Option<&str>) -> usize {
    if let Some(text) = text && !text.is_empty() { text.len() } else { 0 }
}

#[traced]
async fn all_in_a_future(texts: &[&str]) -> Result<usize, ParseIntError> {
    let mut count = 0;
    'texts: loop {
        for text in texts {
            let Some(first) = text.chars().next() else { break 'texts };
            if first == 'x' {
                return Ok(count);
            }
            count += text.parse::<usize>()?;
        }
        break;
    }
    Ok(async { count + 1 }.await)
}

#[traced]
fn diverges_at_its_end(fails: bool) -> Result<u8, String> {
    if fails {
        return Err("no".to_owned());
    }
    panic!("as it should")
}

fn main() {
    assert_eq!(early_return(1), "one");
    assert_eq!(only_return(1), Ok(1));
    assert_eq!(question_marks("2"), Ok(4));
    assert_eq!(question_mark_in_a_closure("x"), None);
    assert_eq!(control_flow(&[1, 2]), ControlFlow::Break(2));
    assert_eq!(forever(1), Ok(4));
    assert_eq!(labels(&[vec![1, -1, 5], vec![2, 0, 7]]), Ok(6));
    assert_eq!(let_else(None), Err("nothing"));
    assert_eq!(let_chain(Some("ab")), 2);
    assert_eq!(futures::executor::block_on(all_in_a_future(&["1", "x"])), Ok(1));
    assert!(diverges_at_its_end(true).is_err());
}
