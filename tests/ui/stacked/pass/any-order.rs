#![deny(warnings)]

use cryostorm::{counted, timed, traced};

/// Documented.
#[traced]
#[inline]
#[counted]
/// Between.
#[must_use]
#[timed]
pub fn one() -> u32 {
    1
}

#[timed(name = "b.duration")]
#[counted(attributes(channel = "web"))]
#[cfg(not(any()))]
#[traced(kind = Server)]
#[allow(clippy::unnecessary_wraps)]
fn two(text: &str) -> Result<&str, String> {
    Ok(text)
}

#[counted]
#[timed]
#[traced]
async fn three() -> Result<u32, String> {
    Ok(3)
}

#[cryostorm::counted]
#[cryostorm::timed]
#[::cryostorm::traced]
fn qualified_paths() {}

struct Service;

impl Service {
    #[counted]
    #[traced]
    fn method(&self) {}

    #[timed]
    #[traced]
    async fn asynchronous(&self) {}
}

mod without_the_others {
    use cryostorm::traced;

    #[cfg_attr(all(), traced, cryostorm::timed)]
    #[cfg_attr(any(), counted)]
    pub fn conditional() {}

    pub fn local_imports() -> u32 {
        use cryostorm::{counted, timed};

        #[timed]
        #[counted]
        fn inner() -> u32 {
            1
        }
        inner()
    }
}

fn main() {
    assert_eq!(one(), 1);
    assert_eq!(two("a"), Ok("a"));
    futures::executor::block_on(async {
        assert_eq!(three().await, Ok(3));
        Service.asynchronous().await;
    });
    qualified_paths();
    Service.method();
    without_the_others::conditional();
    without_the_others::local_imports();
}
