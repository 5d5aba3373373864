//! Closures that run in the context of whoever made them.

use opentelemetry::Context;

use crate::instrument;

/// A closure that runs `work` in the context that is current here, wherever it is called: for threads, pools and whatever
/// else takes a closure.
///
/// ```
/// use cryostorm::task::with_current_context;
///
/// #[cryostorm::traced]
/// fn resize(image: &str) {}
///
/// # fn main() -> std::io::Result<()> {
/// let images = ["a.png".to_owned()];
/// std::thread::scope(|scope| {
///     for image in &images {
///         scope.spawn(with_current_context(|| resize(image)));
///     }
/// });
///
/// let thread = std::thread::Builder::new().name("resize".to_owned());
/// thread.spawn(with_current_context(move || resize(&images[0])))?;
/// # Ok(())
/// # }
/// ```
pub fn with_current_context<R, F: FnOnce() -> R>(work: F) -> impl FnOnce() -> R + use<R, F> {
    let context = instrument::carried();
    move || run(context, work)
}

/// Runs `work` with that context current: where a closure takes arguments, or runs many times.
///
/// ```
/// use cryostorm::opentelemetry::Context;
/// use cryostorm::task::in_context;
///
/// let here = Context::current();
/// let double = |number: u32| in_context(&here, || number * 2);
/// assert_eq!([1, 2].map(double), [2, 4]);
/// ```
pub fn in_context<R>(context: &Context, work: impl FnOnce() -> R) -> R {
    run(context.clone(), work)
}

fn run<R>(context: Context, work: impl FnOnce() -> R) -> R {
    let _current = instrument::attach(context);
    work()
}
