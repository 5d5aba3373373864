//! Names of metrics and labels: translated as the settings say, then escaped as the scraper asks.

use std::fmt::Write as _;

use crate::prometheus_name::{label_name, metric_name};
use crate::settings::TranslationStrategy;

use super::family::Kind;
use super::format::Escaping;

/// What becomes of names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Naming {
    pub(super) strategy: TranslationStrategy,
    pub(super) escaping: Escaping,
}

impl Naming {
    /// The name of a family, with the suffixes of its unit and kind where they are wanted.
    pub(super) fn metric(self, name: &str, unit: &str, kind: Kind) -> String {
        let (unit, suffix) = match self.strategy.has_suffixes() {
            true => (unit, kind.suffix(unit)),
            false => ("", None),
        };
        self.escaped(&metric_name(name, unit, suffix, self.strategy.has_utf8()), Colons::Allowed)
    }

    /// The name of a label. Empty where there can be none.
    pub(super) fn label(self, key: &str) -> String {
        if key.is_empty() {
            return String::new();
        }
        let label = if self.strategy.has_utf8() { key.to_owned() } else { label_name(key) };
        match self.escaped(&label, Colons::Escaped) {
            // What Prometheus calls the metric itself.
            reserved if reserved == "__name__" => "_name_".to_owned(),
            label => label,
        }
    }

    fn escaped(self, name: &str, colons: Colons) -> String {
        let is_plain = |c| is_plain(c) && (c != ':' || colons == Colons::Allowed);
        let is_legacy = is_unquoted(name) && name.chars().all(is_plain);
        match self.escaping {
            Escaping::AllowUtf8 => name.to_owned(),
            Escaping::Dots => mapped(&name.replace('_', "__"), is_plain, |escaped, c| {
                escaped.push_str(if c == '.' { "_dot_" } else { "__" });
            }),
            _ if is_legacy => name.to_owned(),
            Escaping::Underscores => mapped(name, is_plain, |escaped, _| escaped.push('_')),
            Escaping::Values => {
                let escaped = mapped(&name.replace('_', "__"), is_plain, |escaped, c| {
                    // Writing to a string cannot fail.
                    let _ = write!(escaped, "_{:x}_", u32::from(c));
                });
                format!("U__{escaped}")
            }
        }
    }
}

/// Metrics may have colons in their names, labels may not.
#[derive(Clone, Copy, PartialEq)]
enum Colons {
    Allowed,
    Escaped,
}

/// Whether a name can stand without quotes: that of a metric, and one of a label without colons.
pub(super) fn is_unquoted(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty() && name.chars().all(is_plain)
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == ':'
}

/// The name with what may not stand where it stands replaced.
fn mapped(name: &str, is_plain: impl Fn(char) -> bool, replace: impl Fn(&mut String, char)) -> String {
    let mut escaped = String::with_capacity(name.len());
    for (index, c) in name.chars().enumerate() {
        match is_plain(c) && (index > 0 || !c.is_ascii_digit()) {
            true => escaped.push(c),
            false => replace(&mut escaped, c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use TranslationStrategy as Strategy;

    fn metric(strategy: Strategy, escaping: Escaping, name: &str, unit: &str, kind: Kind) -> String {
        Naming { strategy, escaping }.metric(name, unit, kind)
    }

    /// The table of the specification's section on translation strategies.
    #[test]
    fn strategies_and_escaping_work_together() {
        for (strategy, plain, utf8) in [
            (Strategy::UnderscoreEscapingWithSuffixes, "foo_bar_bytes_total", "foo_bar_bytes_total"),
            (Strategy::UnderscoreEscapingWithoutSuffixes, "foo_bar", "foo_bar"),
            (Strategy::NoUtf8EscapingWithSuffixes, "foo_bar_bytes_total", "foo.bar_bytes_total"),
            (Strategy::NoTranslation, "foo_bar", "foo.bar"),
        ] {
            let named = |escaping| metric(strategy, escaping, "foo.bar", "By", Kind::Counter);
            assert_eq!(named(Escaping::Underscores), plain);
            assert_eq!(named(Escaping::AllowUtf8), utf8);
        }
    }

    #[test]
    fn each_scheme_escapes_as_prometheus_says() {
        let named = |escaping| metric(Strategy::NoTranslation, escaping, "http.status_ü:1", "", Kind::Gauge);
        assert_eq!(named(Escaping::Underscores), "http_status__:1");
        assert_eq!(named(Escaping::Dots), "http_dot_status____:1");
        assert_eq!(named(Escaping::Values), "U__http_2e_status___fc_:1");
        let plain = |escaping| metric(Strategy::NoTranslation, escaping, "a_b", "", Kind::Gauge);
        assert_eq!(plain(Escaping::Values), "a_b");
        assert_eq!(plain(Escaping::Dots), "a__b");
    }

    #[test]
    fn labels_have_neither_colons_nor_the_name_of_the_metric() {
        let classic =
            Naming { strategy: Strategy::UnderscoreEscapingWithSuffixes, escaping: Escaping::Underscores };
        for (key, label) in
            [("a.b", "a_b"), ("a:b", "a_b"), ("a_:b", "a_b"), ("1", "key_1"), ("", ""), ("ü", "key_")]
        {
            assert_eq!(classic.label(key), label, "{key}");
        }
        let utf8 = Naming { strategy: Strategy::NoTranslation, escaping: Escaping::AllowUtf8 };
        assert_eq!(utf8.label("__name__"), "_name_");
        assert_eq!(utf8.label("a.b"), "a.b");
        let escaped = Naming { strategy: Strategy::NoTranslation, escaping: Escaping::Underscores };
        assert_eq!(escaped.label("..name.."), "_name_");
    }
}
