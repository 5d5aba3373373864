//! What becomes of a suite whose tools are missing.

use std::env;
use std::fmt::Display;
use std::io::{self, Write as _};

/// Says that `suite` is skipped.
///
/// # Panics
///
/// If the environment asks for all suites with `CI=true`, or for this one with `required=1`.
pub fn skip(suite: &str, required: &str, why: &dyn Display) {
    let is = |key, value| env::var(key).is_ok_and(|actual| actual == value);
    assert!(!is("CI", "true") && !is(required, "1"), "{suite} needs what is missing: {why}");
    // Not `eprintln!`, which the test runner hides when the test passes.
    writeln!(io::stderr(), "skipped: {suite}: {why}").expect("stderr takes a line");
}
