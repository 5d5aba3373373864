//! Headers that nobody means well with.

use std::process::Command;

/// How many headers are tried here. As many as one likes: `cargo run --release -p cryostorm-tests --bin hostile 10000000`.
const INPUTS: &str = "20000";

#[test]
fn nothing_goes_out_that_did_not_come_in_and_memory_and_lines_are_bounded() {
    let output = Command::new(env!("CARGO_BIN_EXE_hostile")).arg(INPUTS).output().unwrap();
    let (said, printed) =
        (String::from_utf8(output.stderr).unwrap(), String::from_utf8(output.stdout).unwrap());
    assert!(output.status.success(), "{said}");
    let numbers: Vec<u64> = printed.split_whitespace().map(|number| number.parse().unwrap()).collect();
    let [inputs, most_bytes, with_parent, with_members, seconds] = numbers[..] else { panic!("{printed}") };
    // Not because nothing was read.
    assert!(with_parent > inputs / 4 && with_members > inputs / 8 && most_bytes > 8192, "{printed}");
    let lines = said.lines().count() as u64;
    assert!((1..=1 + seconds / 60).contains(&lines), "{lines} lines in {seconds} s:\n{said}");
    assert!(said.contains("was not accepted"), "{said}");
}
