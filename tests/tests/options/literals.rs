//! Attributes whose values are literals.

use cryostorm::opentelemetry::{Array, Value};
use cryostorm::{counted, timed, traced};
use cryostorm_tests::trace::{attribute, points, spans_of};

macro_rules! literals {
    ($($key:ident = $value:expr, $literal:literal => $recorded:expr;)*) => {
        #[traced(attributes($($key = $value),*))]
        fn written() {}

        // Literals that come out of another macro are the same.
        #[traced(attributes($($key = $literal),*))]
        fn passed_on() {}

        #[traced(if = has_span, attributes($($key = $value),*))]
        fn conditional(has_span: bool) {}

        #[test]
        fn a_literal_is_on_each_span_as_its_type_says() {
            let trace = spans_of(|| { written(); passed_on(); conditional(false); conditional(true) });
            assert_eq!(trace.spans.len(), 3, "none where the condition does not hold");
            for span in &trace.spans {
                $(assert_eq!(attribute(span, stringify!($key)), Some(Value::from($recorded)), stringify!($key));)*
            }
        }
    };
}
literals! {
    text = "web", "web" => "web";
    raw = r#"a "quoted" one"#, r#"a "quoted" one"# => "a \"quoted\" one";
    empty = "", "" => "";
    letter = 'a', 'a' => "a";
    bytes = b"ab", b"ab" => Value::Array(Array::I64(vec![97, 98]));
    byte = b'a', b'a' => 97;
    yes = true, true => true;
    no = false, false => false;
    whole = 7, 7 => 7;
    below = -7, -7 => -7;
    wide = 4_000_000_000, 4_000_000_000 => 4_000_000_000_i64;
    least = -9223372036854775808, -9223372036854775808 => i64::MIN;
    most = 0x7FFF_FFFF_FFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF => i64::MAX;
    beyond = 18446744073709551615u64, 18446744073709551615u64 => "18446744073709551615";
    suffixed = 7u8, 7u8 => 7;
    wide_suffixed = 7i64, 7i64 => 7;
    half = 0.5, 0.5 => 0.5;
    minus = -1e3, -1e3 => -1000.0;
    narrow = 0.1f32, 0.1f32 => f64::from(0.1f32);
    wide_float = 0.1f64, 0.1f64 => 0.1;
}

#[counted(attributes(text = "web", letter = 'a', whole = -3, suffixed = 7u8, half = 0.5, yes = true))]
#[timed(in_flight, attributes(text = "web", beyond = 18446744073709551615u64, two = big))]
fn measured(big: bool) {}

#[test]
fn a_literal_is_on_each_point_as_its_type_says() {
    spans_of(|| measured(true));
    let point_of = |name: &str| {
        let mut points = points(name, "measured");
        assert_eq!(points.len(), 1, "{points:?}");
        points.remove(0).attributes
    };
    let value = |name: &str, key: &str| {
        point_of(name).iter().find(|pair| pair.key.as_str() == key).map(|pair| pair.value.clone())
    };
    for (key, expected) in [
        ("text", Value::from("web")),
        ("letter", "a".into()),
        ("whole", (-3).into()),
        ("suffixed", 7.into()),
        ("half", 0.5.into()),
        ("yes", true.into()),
    ] {
        assert_eq!(value("function.calls", key), Some(expected), "{key}");
    }
    assert_eq!(point_of("function.calls").len(), 7);
    for metric in ["function.duration", "function.in_flight"] {
        assert_eq!(value(metric, "text"), Some("web".into()));
        assert_eq!(value(metric, "beyond"), Some("18446744073709551615".into()));
        assert_eq!(value(metric, "two"), Some(true.into()));
        assert_eq!(point_of(metric).len(), 4);
    }
}
