//! A hash table that grows while it is being read, for one thread.

use std::cell::OnceCell;

/// Entries are never removed or moved, so that finding one is a look at few neighbouring slots, without the flags that a
/// `RefCell` would set.
#[derive(Debug)]
pub(in crate::instrument) struct Table<E> {
    /// Of a size that is known, so that nothing needs to be checked.
    first: Box<[OnceCell<E>; 1 << FIRST_BITS]>,
    more: More<E>,
}

/// Where an entry finds no place in one level, the next is larger.
type More<E> = OnceCell<Box<Level<E>>>;

#[derive(Debug)]
struct Level<E> {
    slots: Box<[OnceCell<E>]>,
    more: More<E>,
}

/// The first level has 2^6 slots, the last 2^13: hashes that collide do not make it grow without bound.
const FIRST_BITS: u32 = 6;
const LAST_BITS: u32 = 13;
/// How many slots of a level an entry may be in.
const NEIGHBOURS: usize = 8;

impl<E> Default for Table<E> {
    fn default() -> Self {
        Self { first: Box::new([const { OnceCell::new() }; 1 << FIRST_BITS]), more: OnceCell::new() }
    }
}

impl<E> Table<E> {
    /// The entry of that hash that `is_it` says yes to. The hash is used from its high bits downwards.
    #[inline(always)]
    pub(in crate::instrument) fn find(&self, hash: u64, is_it: impl Fn(&E) -> bool) -> Option<&E> {
        // Most are in the first slot that they may be in.
        match self.first.get(start(hash, FIRST_BITS)).and_then(OnceCell::get) {
            Some(entry) if is_it(entry) => Some(entry),
            _ => self.find_further(hash, is_it),
        }
    }

    fn find_further(&self, hash: u64, is_it: impl Fn(&E) -> bool) -> Option<&E> {
        let (mut slots, mut more) = self.levels();
        loop {
            for slot in neighbours(slots, hash) {
                // No entry was ever removed, so none was put further away.
                let entry = slot.get()?;
                if is_it(entry) {
                    return Some(entry);
                }
            }
            (slots, more) = more.get()?.levels();
        }
    }

    /// Whether there is a place for an entry that is not there yet.
    pub(in crate::instrument) fn has_place(&self, hash: u64) -> bool {
        let (mut slots, mut more) = self.levels();
        loop {
            let is_free = neighbours(slots, hash).any(|slot| slot.get().is_none());
            match more.get() {
                _ if is_free => return true,
                Some(level) => (slots, more) = level.levels(),
                None => return bits(slots) < LAST_BITS,
            }
        }
    }

    /// Puts an entry in that is not there yet; none if there is no place for it.
    pub(in crate::instrument) fn insert(&self, hash: u64, entry: E) -> Option<&E> {
        let (mut slots, mut more) = self.levels();
        loop {
            if let Some(free) = neighbours(slots, hash).find(|slot| slot.get().is_none()) {
                return Some(free.get_or_init(|| entry));
            }
            let bits = bits(slots) + 1;
            if more.get().is_none() && bits > LAST_BITS {
                return None;
            }
            (slots, more) = more.get_or_init(|| Box::new(Level::new(bits))).levels();
        }
    }

    fn levels(&self) -> (&[OnceCell<E>], &More<E>) {
        (self.first.as_slice(), &self.more)
    }
}

impl<E> Level<E> {
    fn new(bits: u32) -> Self {
        Self { slots: (0..1_usize << bits).map(|_| OnceCell::new()).collect(), more: OnceCell::new() }
    }

    fn levels(&self) -> (&[OnceCell<E>], &More<E>) {
        (&self.slots, &self.more)
    }
}

/// The slots that an entry may be in: not around the end, so that the last ones have fewer neighbours.
fn neighbours<E>(slots: &[OnceCell<E>], hash: u64) -> impl Iterator<Item = &OnceCell<E>> {
    slots.get(start(hash, bits(slots))..).unwrap_or_default().iter().take(NEIGHBOURS)
}

/// The first of them among 2^`bits`.
#[inline]
fn start(hash: u64, bits: u32) -> usize {
    (hash >> (u64::BITS - bits)) as usize
}

fn bits<E>(slots: &[OnceCell<E>]) -> u32 {
    slots.len().trailing_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_put_in() {
        let table = Table::default();
        let hash = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for n in 0..3000_u64 {
            assert_eq!(table.insert(hash(n), n), Some(&n));
        }
        for n in 0..3000 {
            assert_eq!(table.find(hash(n), |it| *it == n), Some(&n));
        }
        assert_eq!(table.find(hash(3000), |it| *it == 3000), None);
    }

    #[test]
    fn is_full_when_hashes_collide() {
        let table = Table::default();
        let taken = (0..1000).filter(|n| table.insert(u64::MAX / 2, *n).is_some()).count();
        assert_eq!(taken, 8 * NEIGHBOURS);
        assert!(!table.has_place(u64::MAX / 2) && table.has_place(u64::MAX / 3));
        assert_eq!(table.insert(u64::MAX / 3, 1000), Some(&1000));
    }
}
