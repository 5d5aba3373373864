//! What the attributes accept, and what they answer to a mistake.
//!
//! Each file of `ui` holds one case and is named by it. A `.stderr` file is what the author of that mistake reads;
//! `TRYBUILD=overwrite cargo test --test ui` writes it again.

// Compiled here too, as only clippy knows all the lints they deny.
#[path = "../ui/stacked/pass/forbidden-lints.rs"]
mod forbidden_lints;
#[path = "../ui/stacked/pass/lints.rs"]
mod lints;

#[test]
fn expansions_trip_no_lint() {
    lints::main();
    forbidden_lints::main();
}

#[test]
fn attributes() {
    let cases = trybuild::TestCases::new();
    for attribute in ["traced", "counted", "timed", "stacked", "blocks", "metrics"] {
        cases.pass(format!("ui/{attribute}/pass/*.rs"));
        cases.compile_fail(format!("ui/{attribute}/fail/*.rs"));
    }
}
