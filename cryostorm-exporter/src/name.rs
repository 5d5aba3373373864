//! The name of a metric.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

/// The longest name that OpenTelemetry allows an instrument.
const LONGEST: usize = 255;

/// How many characters of a refused name its error shows.
const SHOWN: usize = 64;

/// A name of a metric, in the syntax that OpenTelemetry has for the
/// [names of instruments](https://opentelemetry.io/docs/specs/otel/metrics/api/#instrument-name-syntax): an ASCII letter,
/// then at most 254 letters, digits, `_`, `.`, `-` and `/`.
///
/// It is checked when it is made and never again. Clones are cheap: they allocate nothing. As OpenTelemetry says, case
/// makes no difference: `Cache.Hits` and `cache.hits` are equal, and each shows as it was written.
///
/// ```
/// use cryostorm_exporter::MetricName;
///
/// const HITS: MetricName = MetricName::from_static("cache.hits");
///
/// let shard = 3;
/// let of_shard = MetricName::new(format!("cache.shard_{shard}.hits"))?;
/// assert_ne!(of_shard, HITS);
/// assert_eq!(of_shard.to_string(), "cache.shard_3.hits");
/// assert_eq!(MetricName::new("Cache.Hits")?, HITS);
/// # Ok::<(), cryostorm_exporter::InvalidMetricName>(())
/// ```
#[derive(Clone)]
pub struct MetricName(Text);

#[derive(Clone)]
enum Text {
    Literal(&'static str),
    Shared(Arc<str>),
}

impl MetricName {
    /// Checks a name that is known when the program is compiled. In a constant, one that is refused does not compile:
    ///
    /// ```compile_fail
    /// # use cryostorm_exporter::MetricName;
    /// const HITS: MetricName = MetricName::from_static("cache hits");
    /// ```
    ///
    /// # Panics
    ///
    /// Outside a constant or a static, where it is refused: write `const { MetricName::from_static("…") }` there.
    #[must_use]
    pub const fn from_static(name: &'static str) -> Self {
        assert!(
            is_valid(name),
            "a metric name starts with an ASCII letter and goes on with at most 254 letters, digits, `_`, `.`, `-` and `/`"
        );
        Self(Text::Literal(name))
    }

    /// Checks a name that is known when the program runs. Do this once and keep it, not at each call.
    ///
    /// # Errors
    ///
    /// [`InvalidMetricName`] if it is not in the syntax.
    ///
    /// ```
    /// use cryostorm_exporter::MetricName;
    ///
    /// let error = MetricName::new("9 lives").unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "\"9 lives\" is no metric name: accepted is an ASCII letter, then at most 254 letters, digits, `_`, `.`, `-` and `/`",
    /// );
    /// ```
    pub fn new(name: impl Into<Cow<'static, str>>) -> Result<Self, InvalidMetricName> {
        let name = name.into();
        if !is_valid(&name) {
            return Err(InvalidMetricName::new(&name));
        }
        Ok(Self(match name {
            Cow::Borrowed(literal) => Text::Literal(literal),
            Cow::Owned(text) => Text::Shared(text.into()),
        }))
    }

    /// The name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Literal(name) => name,
            Text::Shared(name) => name,
        }
    }

    /// The characters that tell names apart.
    fn folded(&self) -> impl Iterator<Item = u8> {
        self.as_str().bytes().map(|byte| byte.to_ascii_lowercase())
    }
}

const fn is_valid(name: &str) -> bool {
    let mut rest = name.as_bytes();
    if rest.len() > LONGEST || !matches!(rest, [first, ..] if first.is_ascii_alphabetic()) {
        return false;
    }
    while let [first, others @ ..] = rest {
        if !first.is_ascii_alphanumeric() && !matches!(first, b'_' | b'.' | b'-' | b'/') {
            return false;
        }
        rest = others;
    }
    true
}

impl PartialEq for MetricName {
    fn eq(&self, other: &Self) -> bool {
        self.as_str().eq_ignore_ascii_case(other.as_str())
    }
}

impl Eq for MetricName {}

impl Hash for MetricName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Eight at a time, because hashers take long for each piece.
        for chunk in self.as_str().as_bytes().chunks(8) {
            let folded = chunk.iter().fold(0, |word, byte| word << 8 | u64::from(byte.to_ascii_lowercase()));
            state.write_u64(folded);
        }
        state.write_u8(u8::MAX);
    }
}

impl PartialOrd for MetricName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for MetricName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl fmt::Display for MetricName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for MetricName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl AsRef<str> for MetricName {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl FromStr for MetricName {
    type Err = InvalidMetricName;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::new(name.to_owned())
    }
}

/// A text is no [`MetricName`]. Says which, cut at 64 characters, and what is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidMetricName {
    shown: String,
    is_cut: bool,
}

impl InvalidMetricName {
    fn new(name: &str) -> Self {
        Self { shown: name.chars().take(SHOWN).collect(), is_cut: name.chars().nth(SHOWN).is_some() }
    }
}

impl fmt::Display for InvalidMetricName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let more = if self.is_cut { "…" } else { "" };
        write!(
            f,
            "{:?}{more} is no metric name: accepted is an ASCII letter, then at most 254 letters, digits, `_`, `.`, `-` and `/`",
            self.shown
        )
    }
}

impl Error for InvalidMetricName {}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_syntax_is_that_of_instruments() {
        let longest = "a".repeat(LONGEST);
        for name in ["a", "http.server.duration", "A/b-c_d.9", &longest] {
            assert_eq!(name.parse::<MetricName>().unwrap().as_str(), name);
        }
        let too_long = "a".repeat(LONGEST + 1);
        for name in ["", "9a", ".a", "a b", "a{b}", "über", "naïve", "a\n", &too_long] {
            MetricName::new(name.to_owned()).unwrap_err();
        }
    }

    #[test]
    fn errors_show_a_bounded_part_of_the_name() {
        let message = MetricName::new("ä".repeat(100_000)).unwrap_err().to_string();
        assert!(message.starts_with(&format!("\"{}\"… is no metric name", "ä".repeat(SHOWN))), "{message}");
        assert!(MetricName::new("a\nb").unwrap_err().to_string().starts_with(r#""a\nb" is"#));
    }

    #[test]
    fn names_that_differ_in_case_are_one() {
        let names =
            ["Cache.Shard_10.Hits", "cache.shard_10.hits", "cache.shard_10.hit", "cache.shard_10.hits2"];
        let names = names.map(|name| MetricName::new(name).unwrap());
        assert_eq!(HashSet::from(names.clone()).len(), 3);
        let [written, folded, shorter, longer] = &names;
        assert_eq!(written.cmp(folded), Ordering::Equal);
        assert!(shorter < written && written < longer);
        assert_eq!(format!("{written} {written:?}"), r#"Cache.Shard_10.Hits "Cache.Shard_10.Hits""#);
    }

    #[test]
    fn clones_share_the_text() {
        let name = MetricName::new("made.at.run.time".to_owned()).unwrap();
        assert!(std::ptr::eq(name.as_str(), name.clone().as_str()));
    }
}
