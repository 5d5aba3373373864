//! Room for spans, used again and again.
//!
//! A span's room is taken on the thread where it starts and given back on the one that exports it. Allocators are slow
//! at that, so full hands of it go back and forth here.

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::prefetch;
use super::record::SpanRecord;

/// How many a thread takes or gives back at once.
const HANDFUL: usize = 64;
/// The most that are kept for all threads: a megabyte or so.
const MOST: usize = 4096;

/// It is the boxes that are kept.
type Places = Vec<Box<SpanRecord>>;

static SHARED: Mutex<Places> = Mutex::new(Vec::new());
/// How many these are, to be known without the lock.
static SHARED_COUNT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static OWN: RefCell<Places> = const { RefCell::new(Vec::new()) };
}

/// Room for a span, which is to be filled in. The next is fetched meanwhile from the core that exported what was in it.
#[inline]
pub(super) fn take() -> Box<SpanRecord> {
    let spare = OWN.try_with(|own| {
        let mut own = own.borrow_mut();
        let spare = own.pop();
        if let Some(next) = own.last() {
            prefetch::to_write(&**next);
        }
        spare
    });
    match spare {
        Ok(Some(spare)) => spare,
        _ => fetch(),
    }
}

/// The same where the thread has none of its own.
#[cold]
#[inline(never)]
fn fetch() -> Box<SpanRecord> {
    let fetched = OWN.try_with(|own| {
        let own = &mut *own.borrow_mut();
        if SHARED_COUNT.load(Ordering::Relaxed) > 0 {
            let mut shared = shared();
            let left = shared.len().saturating_sub(HANDFUL);
            own.extend(shared.drain(left..));
            SHARED_COUNT.store(shared.len(), Ordering::Relaxed);
        }
        own.pop()
    });
    fetched.ok().flatten().unwrap_or_default()
}

/// Keeps the place of a record that is no longer needed.
pub(super) fn keep(mut record: Box<SpanRecord>) {
    // Not while something is borrowed: what the record holds may do anything when it is dropped.
    record.clear();
    let _ = OWN.try_with(|own| {
        let own = &mut *own.borrow_mut();
        if own.len() >= 2 * HANDFUL {
            let mut shared = shared();
            let given = own.drain(HANDFUL..);
            if shared.len() < MOST {
                shared.extend(given);
                SHARED_COUNT.store(shared.len(), Ordering::Relaxed);
            }
        }
        own.push(record);
    });
}

fn shared() -> MutexGuard<'static, Places> {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner)
}
