//! How often this process was forked: a child that goes on from its parent's memory must not make its parent's ids, nor wait
//! for threads that are its parent's alone.
//!
//! To be told costs a call nothing, while to ask (for the process's number, or the time) costs it more than the ids.

#![allow(unsafe_code)]

use std::sync::atomic::{AtomicU64, Ordering};

/// How many forks lie between this process and the one that was started.
static FORKS: AtomicU64 = AtomicU64::new(0);

/// The number, which is another one in a child than in its parent.
#[inline]
pub(crate) fn count() -> u64 {
    FORKS.load(Ordering::Relaxed)
}

/// Counts forks from here on.
pub(crate) fn watch() {
    #[cfg(all(unix, not(miri)))]
    {
        use std::sync::Once;

        static WATCHED: Once = Once::new();

        extern "C" fn count_one() {
            FORKS.fetch_add(1, Ordering::Relaxed);
        }

        WATCHED.call_once(|| {
            // SAFETY: the function has the type that is asked for, and may be called in a child of a process with many
            // threads, where locks are held by nobody and memory may not be asked for: it adds to an atomic number. It is
            // there as long as it can be called: with a library that is unloaded goes what it registered, where libraries
            // are unloaded at all (glibc).
            //
            // It fails where there is no memory for a few bytes. Then nothing is counted, as nothing is of a child that
            // is made past the C library's `fork`.
            let _ = unsafe { libc::pthread_atfork(None, None, Some(count_one)) };
        });
    }
}
