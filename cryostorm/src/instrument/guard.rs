//! What stands for a synchronous call from its start to its outcome.

use super::failure::Failure;
use super::outcome::Judge;

/// A synchronous call that goes on.
pub trait Guard {
    /// Ends the call with its outcome, which is only looked for where somebody wants to know.
    fn finish<'a>(&mut self, failure: impl FnOnce() -> Option<Failure<'a>>);

    /// Ends the call with the outcome that its output tells.
    #[inline]
    fn judge<T>(&mut self, output: &T, judge: Judge<T>) {
        self.finish(|| judge(output));
    }
}
