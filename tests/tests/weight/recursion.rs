//! Stack space.

use cryostorm::{counted, timed, traced};
use cryostorm_tests::trace::telemetry;

#[traced(attributes(depth = depth))]
#[counted(attributes(deep = depth > 10))]
#[timed(in_flight)]
fn failing(depth: u32) -> Result<u32, String> {
    match depth {
        0 => Err("the bottom".to_owned()),
        _ => failing(depth - 1),
    }
}

#[traced(ok(value = |value| *value))]
#[counted]
#[timed]
fn unfailing(depth: u32) -> u32 {
    match depth {
        0 => 0,
        _ => unfailing(depth - 1) + 1,
    }
}

#[test]
fn a_function_may_call_itself_ten_thousand_deep() {
    let _ = telemetry();
    let deep = std::thread::Builder::new().stack_size(32 * 1024 * 1024);
    let thread = deep.spawn(|| (failing(10_000), unfailing(10_000))).unwrap();
    assert_eq!(thread.join().unwrap(), (Err("the bottom".to_owned()), 10_000));
}
