//! An attribute set, wherever it stands.

use std::hash::{Hash, Hasher};

use opentelemetry::{Key, KeyValue, Value};
use rustc_hash::FxHasher;

/// An attribute set that need not be copied to be looked for. Two are the same whatever the order of their attributes.
pub(crate) trait Point {
    /// Hands over each attribute.
    fn each(&self, tell: &mut dyn FnMut(&Key, Part<'_>));

    fn identity(&self) -> u64 {
        let mut sum = 0_u64;
        self.each(&mut |key, part| {
            let mut hasher = FxHasher::default();
            key.as_str().hash(&mut hasher);
            part.hash(&mut hasher);
            sum = sum.wrapping_add(hasher.finish());
        });
        sum
    }

    fn is(&self, kept: &[KeyValue]) -> bool {
        let (mut count, mut is_same) = (0, true);
        self.each(&mut |key, part| {
            count += 1;
            is_same = is_same && kept.iter().any(|kept| kept.key == *key && part.is(&kept.value));
        });
        is_same && count == kept.len()
    }

    fn to_vec(&self) -> Vec<KeyValue> {
        let mut attributes = Vec::new();
        self.each(&mut |key, part| attributes.push(KeyValue::new(key.clone(), part.to_value())));
        attributes
    }
}

impl Point for [KeyValue] {
    fn each(&self, tell: &mut dyn FnMut(&Key, Part<'_>)) {
        self.iter().for_each(|attribute| tell(&attribute.key, Part::Value(&attribute.value)));
    }
}

/// The value of an attribute.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part<'a> {
    Text(&'a str),
    Value(&'a Value),
}

impl Part<'_> {
    fn hash(self, hasher: &mut impl Hasher) {
        match self {
            Self::Text(text) => text.hash(hasher),
            Self::Value(Value::String(text)) => text.as_str().hash(hasher),
            Self::Value(Value::Bool(flag)) => flag.hash(hasher),
            Self::Value(Value::I64(number)) => number.hash(hasher),
            Self::Value(Value::F64(number)) => number.to_bits().hash(hasher),
            // Lists are rare, and may share a hash.
            Self::Value(_) => {}
        }
    }

    fn is(self, kept: &Value) -> bool {
        match (self, kept) {
            (Self::Text(text), Value::String(kept)) => text == kept.as_str(),
            (Self::Text(_), _) => false,
            // A NaN is the same as itself here, or each would be another.
            (Self::Value(Value::F64(number)), Value::F64(kept)) => number.to_bits() == kept.to_bits(),
            (Self::Value(value), kept) => value == kept,
        }
    }

    fn to_value(self) -> Value {
        match self {
            Self::Text(text) => text.to_owned().into(),
            Self::Value(value) => value.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Text<'a>(&'a str);

    impl Point for Text<'_> {
        fn each(&self, tell: &mut dyn FnMut(&Key, Part<'_>)) {
            tell(&Key::from_static_str("number"), Part::Value(&Value::I64(7)));
            tell(&Key::from_static_str("text"), Part::Text(self.0));
        }
    }

    #[test]
    fn a_point_is_the_same_in_any_order_and_form() {
        let kept = [KeyValue::new("text", "a".to_owned()), KeyValue::new("number", 7_i64)];
        assert_eq!(Point::identity(&Text("a")), Point::identity(kept.as_slice()));
        assert!(Text("a").is(&kept) && kept.as_slice().is(&Text("a").to_vec()));
        assert!(!Text("b").is(&kept));
        assert!(!Text("a").is(&kept[..1]));
        assert!(!kept[..1].is(&kept));
        let nan = [KeyValue::new("x", f64::NAN)];
        assert!(nan.as_slice().is(&nan));
    }
}
