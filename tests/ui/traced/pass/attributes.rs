#![deny(warnings)]

use cryostorm::traced;
use std::collections::HashMap;
use std::fmt;

#[derive(Debug)]
struct Order {
    id: u64,
    paid: bool,
}

impl fmt::Display for Order {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "order {}", self.id)
    }
}

trait Region {
    fn name() -> &'static str;
}

struct Eu;

impl Region for Eu {
    fn name() -> &'static str {
        "eu"
    }
}

const SITE: &str = "shop";

#[traced(attributes())]
fn none() {}

#[traced(attributes(order.id = id, "odd-key" = 3, kind = "db", type = "a", a.match.r#fn = true))]
fn keys(id: u64) -> u64 {
    id
}

#[traced(attributes(
    id = order.id,
    paid = order.paid,
    text = %order,
    debug = ?order,
    difference = %(order.id - 1),
    site = SITE,
    owned = order.to_string(),
    borrowed = &order.to_string(),
))]
fn values(order: Order) -> Order {
    order
}

#[traced(attributes(
    collected = ?pairs.iter().copied().collect::<HashMap<u8, u8>>(),
    folded = pairs.iter().fold(0_u64, |sum, pair| sum + u64::from(pair.0)),
    qualified = <Eu as Region>::name(),
    shown = %<Eu as Region>::name(),
    less = pairs.len() < 3,
    shifted = 1 << 2,
    either = pairs.is_empty() || pairs.len() > 1,
    last = { let (a, b) = (1, 2); a + b },
))]
fn commas_in_values(pairs: &[(u8, u8)]) -> usize {
    pairs.len()
}

#[traced(attributes(text = text))]
fn borrowed_until_the_body(text: String) -> String {
    text
}

#[traced(attributes(total = *total))]
fn read_before_the_body(total: &mut u64) {
    *total += 1;
}

fn main() {
    none();
    assert_eq!(keys(1), 1);
    assert!(values(Order { id: 1, paid: true }).paid);
    assert_eq!(commas_in_values(&[(1, 2)]), 1);
    assert_eq!(borrowed_until_the_body("a".to_owned()), "a");
    read_before_the_body(&mut 1);
}
