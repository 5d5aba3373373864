//! A body learns from the type of its function what to convert to, as it does without attributes.
#![deny(warnings)]

use cryostorm::{counted, timed, traced};
use futures::executor::block_on;
use futures::future::{BoxFuture, LocalBoxFuture, ready};
use futures::stream::{BoxStream, LocalBoxStream, Stream, StreamExt, iter};
use std::fmt::{Debug, Display};
use std::num::ParseIntError;
use std::pin::Pin;

type Parsed<T> = Result<T, ParseIntError>;

macro_rules! functions {
    ($module:ident, #[$traced:meta], #[$of_stream:meta]) => {
        mod $module {
            use super::*;

            #[$traced]
            #[counted]
            #[timed]
            pub fn nothing(text: &mut String) {
                if text.is_empty() {
                    return;
                }
                text.clear();
            }

            #[$traced]
            #[counted]
            #[timed]
            pub fn collected(texts: &[&str]) -> Parsed<Vec<u32>> {
                texts.iter().map(|text| text.parse()).collect()
            }

            #[$traced]
            #[counted]
            #[timed]
            pub fn unsized_values(number: u8) -> Result<Vec<Box<dyn Display>>, Box<dyn Debug>> {
                if number == 0 {
                    return Err(Box::new("zero"));
                }
                Ok(vec![Box::new(number), Box::new("text")])
            }

            #[$traced]
            #[counted]
            #[timed]
            pub async fn in_a_future(text: &str) -> Parsed<Vec<Box<dyn Display>>> {
                let number: u8 = text.parse()?;
                Ok(vec![Box::new(number), Box::new("text")])
            }

            #[$traced]
            #[counted]
            #[timed]
            pub fn future(text: &str) -> impl Future<Output = Parsed<u64>> + '_ {
                async move { Ok(text.parse::<u32>()?.into()) }
            }

            #[$traced]
            #[counted]
            #[timed]
            pub fn ready_future(number: u32) -> impl Future<Output = Parsed<u32>> {
                ready(Ok(number))
            }

            #[$traced]
            #[counted]
            #[timed]
            pub fn boxed_future(text: &str) -> BoxFuture<'_, Parsed<u64>> {
                Box::pin(async move { Ok(text.parse::<u32>()?.into()) })
            }

            #[$traced]
            #[counted]
            #[timed]
            pub fn local_boxed_future(text: &str) -> LocalBoxFuture<'_, Parsed<u64>> {
                let text = text.trim();
                Box::pin(async move { Ok(text.parse::<u32>()?.into()) })
            }

            #[$of_stream]
            #[counted]
            #[timed]
            pub fn stream(numbers: &[u32]) -> impl Stream<Item = Parsed<u32>> + '_ {
                iter(numbers.iter().map(|number| Ok(*number)))
            }

            #[$of_stream]
            #[counted]
            #[timed]
            pub fn boxed_stream(numbers: &[u32]) -> BoxStream<'_, Parsed<u32>> {
                iter(numbers.iter().map(|number| Ok(*number))).boxed()
            }

            #[$of_stream]
            #[counted]
            #[timed]
            pub fn local_boxed_stream(numbers: &[u32]) -> LocalBoxStream<'_, Parsed<u32>> {
                iter(numbers.iter().map(|number| Ok(*number))).boxed_local()
            }

            #[$of_stream]
            #[counted]
            #[timed]
            pub fn pinned_stream(numbers: &[u32]) -> Pin<Box<dyn Stream<Item = Parsed<u32>> + '_>> {
                Box::pin(iter(numbers.iter().map(|number| Ok(*number))))
            }

            pub fn called() {
                nothing(&mut String::new());
                assert_eq!(collected(&["1", "2"]), Ok(vec![1, 2]));
                assert_eq!(unsized_values(1).unwrap().len(), 2);
                block_on(async {
                    assert_eq!(in_a_future("1").await.unwrap().len(), 2);
                    assert_eq!(future("1").await, Ok(1));
                    assert_eq!(ready_future(1).await, Ok(1));
                    assert_eq!(boxed_future("1").await, Ok(1));
                    assert_eq!(local_boxed_future("1").await, Ok(1));
                    assert_eq!(stream(&[1]).count().await, 1);
                    assert_eq!(boxed_stream(&[1]).count().await, 1);
                    assert_eq!(local_boxed_stream(&[1]).count().await, 1);
                    assert_eq!(pinned_stream(&[1]).count().await, 1);
                });
            }
        }
    };
}

functions!(plain, #[traced], #[traced]);
functions!(observed, #[traced(ok(done = |_| true))], #[traced]);
functions!(classified, #[traced(error_type = "refused")], #[traced(error_type = "refused")]);

fn main() {
    plain::called();
    observed::called();
    classified::called();
}
