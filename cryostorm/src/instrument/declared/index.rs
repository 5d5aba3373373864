//! Where an attribute set stands among all that a metric can have.

use super::attribute::Integer;

/// A number in mixed radix: the first attribute is the least significant.
#[derive(Clone, Copy, Debug)]
pub struct Index {
    at: u32,
    /// How many values those so far can have together.
    radix: u32,
    /// How many attributes there are so far.
    attributes: u32,
    is_outside: bool,
}

/// From here on an index stands for an attribute whose value is none of those that are declared.
const OUTSIDE: u32 = u32::MAX - 255;

impl Index {
    /// Without attributes.
    pub const START: Self = Self { at: 0, radix: 1, attributes: 0, is_outside: false };

    /// With one more attribute, whose value is at this place of so many.
    #[inline(always)]
    #[must_use]
    pub fn then(self, place: usize, count: usize) -> Self {
        let Self { at, radix, attributes, is_outside } = self;
        let attributes = attributes.wrapping_add(1);
        if is_outside || place >= count {
            let at = if is_outside { at } else { OUTSIDE.saturating_add(attributes.wrapping_sub(1)) };
            return Self { at, radix, attributes, is_outside: true };
        }
        // Smaller than what `DeclaredMetric::new` has checked.
        let at = at.wrapping_add(radix.wrapping_mul(place as u32));
        Self { at, radix: radix.wrapping_mul(count as u32), attributes, is_outside: false }
    }

    /// With one more attribute, a whole number from the first to the last.
    #[inline(always)]
    #[must_use]
    pub fn then_integer(self, value: impl Integer, first: i64, last: i64) -> Self {
        let place = value.to_i64().filter(|value| (first..=last).contains(value));
        let place = place.map_or(usize::MAX, |value| value.wrapping_sub(first) as usize);
        self.then(place, (last.wrapping_sub(first) as usize).wrapping_add(1))
    }

    /// With one more attribute, which is a text.
    #[inline(always)]
    #[must_use]
    pub fn then_text(self) -> Self {
        self.then(0, 1)
    }

    #[inline(always)]
    pub(super) fn at(self) -> u32 {
        self.at
    }
}

/// The position of the attribute whose value is none of those that are declared, if that is what an index stands for.
pub(super) fn outside(index: u32) -> Option<usize> {
    index.checked_sub(OUTSIDE).map(|position| position as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_attribute_is_the_least_significant() {
        let index = Index::START.then(1, 2).then_text().then(2, 3).then_integer(2_u8, -1, 2);
        assert_eq!(index.at(), 1 + 2 * (2 + 3 * 3));
    }

    #[test]
    fn a_value_that_is_not_declared_is_remembered_by_its_attribute() {
        assert_eq!(outside(Index::START.then(1, 2).then_integer(10_u8, 0, 9).then(7, 2).at()), Some(1));
        assert_eq!(outside(Index::START.then_integer(u128::MAX, 0, 9).at()), Some(0));
        assert_eq!(outside(Index::START.then_integer(9_i64, 0, 9).at()), None);
    }
}
