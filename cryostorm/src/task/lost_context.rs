//! Warns of tasks that run without the context of whoever spawned them.

use tokio::runtime::Builder;

/// Warns, while you develop, of annotated functions that run without a parent in a task whose spawner had one: of
/// `tokio::spawn(refresh(key))` where [`task::spawn`](super::spawn()) was meant.
///
/// ```no_run
/// # async fn serve() {}
/// let mut runtime = tokio::runtime::Builder::new_multi_thread();
/// runtime.enable_all();
/// cryostorm::task::warn_of_lost_context(&mut runtime);
/// runtime.build()?.block_on(serve());
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// ```text
/// cryostorm: `shop::refresh` (src/cache.rs:12) runs without a parent, in a task that was spawned at src/orders.rs:40:9
/// inside `shop::place` (span 00f067aa0ba902b7 of trace 4bf92f3577b34da6a3ce929d0e0e4736). Spawn it there with
/// `cryostorm::task::spawn(..)` or as `future.with_current_context()`; if it is to start a trace of its own, write
/// `#[traced(root)]`. This is said once for each function.
/// ```
///
/// Nothing is said of functions with `root`, `context = ..` or `if`s that say no, nor of tasks that were spawned outside of any
/// span. A future that was given an empty context on purpose cannot be told from one that lost it: `root` says what is
/// meant.
///
/// It needs to be told of tasks where they are spawned, which tokio does only when the whole program is built with
/// `RUSTFLAGS="--cfg tokio_unstable"`. Without that, this says so on standard error, and does no more. It is tokio's one
/// [`on_task_spawn`](https://docs.rs/tokio/latest/tokio/runtime/struct.Builder.html#method.on_task_spawn) hook of the
/// runtime, which it replaces. Tokio does not tell of tasks of a `LocalSet` and of `spawn_blocking`.
///
/// In a release build this does nothing, and costs nothing. To have it there too, build cryostorm with
/// `debug-assertions = true` in `[profile.release.package.cryostorm]`. It remembers the latest 4096 tasks at most.
pub fn warn_of_lost_context(runtime: &mut Builder) -> &mut Builder {
    #[cfg(debug_assertions)]
    hook(runtime);
    runtime
}

#[cfg(all(debug_assertions, tokio_unstable))]
fn hook(runtime: &mut Builder) {
    runtime.on_task_spawn(|task| crate::instrument::task_spawned(task.id(), task.spawned_at()));
}

#[cfg(all(debug_assertions, not(tokio_unstable)))]
fn hook(_runtime: &mut Builder) {
    static SAID: std::sync::Once = std::sync::Once::new();
    SAID.call_once(|| {
        crate::diagnostics::report(format_args!(
            "`task::warn_of_lost_context` has no effect: tokio tells of tasks only when the program is built with \
             `RUSTFLAGS=\"--cfg tokio_unstable\"`"
        ));
    });
}
