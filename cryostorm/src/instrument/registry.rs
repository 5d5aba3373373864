//! What is made once for each key, when it is first asked for.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};

/// Keys come from the source of the program, so there are not many.
#[derive(Debug)]
pub(crate) struct Registry<K, V> {
    made: RwLock<HashMap<K, V>>,
}

impl<K, V> Default for Registry<K, V> {
    fn default() -> Self {
        Self { made: RwLock::default() }
    }
}

impl<K: Hash + Eq, V: Clone> Registry<K, V> {
    pub(crate) fn get(&self, key: K, make: impl FnOnce(&K) -> V) -> V {
        if let Some(value) = self.made.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return value.clone();
        }
        // Without the lock: the SDK makes no instrument while it collects, and a callback may take long.
        let value = make(&key);
        let mut made = self.made.write().unwrap_or_else(PoisonError::into_inner);
        made.entry(key).or_insert(value).clone()
    }
}
