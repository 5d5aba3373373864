#![deny(warnings)]

use cryostorm::{counted, timed, traced};
use std::io;
use std::ops::ControlFlow;

const DECLINED: &str = "declined";

#[derive(Debug)]
enum Refused {
    Money,
    Card,
}

impl Refused {
    const NAME: &'static str = "refused";

    fn name(&self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Card => "card",
        }
    }
}

fn refused(error: &Refused) -> &'static str {
    error.name()
}

#[traced(error_type = "declined")]
fn literal() -> Result<(), Refused> {
    Err(Refused::Money)
}

#[traced(error_type = DECLINED)]
fn constant() -> Result<(), Refused> {
    Ok(())
}

#[traced(error_type = Refused::NAME)]
async fn associated_constant() -> Result<(), Refused> {
    Err(Refused::Card)
}

#[traced(error_type = refused)]
fn function() -> Result<(), Refused> {
    Err(Refused::Card)
}

#[traced(error_type = Refused::name)]
fn method() -> Result<(), Refused> {
    Err(Refused::Card)
}

#[traced(error_type = |error| error.name())]
async fn closure() -> Result<(), Refused> {
    Err(Refused::Card)
}

#[traced(error_type = |error: &io::Error| match error.kind() {
    io::ErrorKind::NotFound => "not_found",
    _ => "other",
})]
fn closure_with_type() -> io::Result<u32> {
    Ok(1)
}

#[traced(error_type = "missing")]
fn option() -> Option<u32> {
    let number = "1".parse().ok()?;
    Some(number)
}

#[counted(error_type = DECLINED)]
fn control_flow() -> ControlFlow<(), u32> {
    ControlFlow::Break(())
}

#[timed(error_type = "absent")]
async fn option_in_a_future() -> Option<u32> {
    None
}

#[traced(error_type = refused)]
fn future() -> impl Future<Output = Result<(), Refused>> + Send {
    async { Err(Refused::Money) }
}

#[traced(error_type = "declined")]
#[counted(error_type = "declined")]
#[timed]
fn in_a_stack() -> Result<(), Refused> {
    Err(Refused::Money)
}

fn main() {
    assert!(literal().is_err());
    assert!(constant().is_ok());
    assert!(function().is_err());
    assert!(method().is_err());
    assert_eq!(closure_with_type().unwrap(), 1);
    assert_eq!(option(), Some(1));
    assert!(control_flow().is_break());
    assert!(in_a_stack().is_err());
    futures::executor::block_on(async {
        assert!(associated_constant().await.is_err());
        assert!(closure().await.is_err());
        assert!(option_in_a_future().await.is_none());
        assert!(future().await.is_err());
    });
}
