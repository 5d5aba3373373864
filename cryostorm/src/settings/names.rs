//! What the variables are called, and which one was meant by a name that is none.

use super::section::Setting;

/// Between the names of a section and its field: `TRACING__EXPORTER_TYPE`.
pub(super) const SEPARATOR: &str = "__";

/// The most letters by which a name is off; further off than that or than half of it, a guess misleads.
const MOST: usize = 6;

/// The names of all variables.
pub(super) struct Names(Vec<String>);

impl Names {
    pub(super) fn of(settings: &impl Setting) -> Self {
        let mut names = Vec::new();
        settings.names("", &mut names);
        Self(names.iter().map(|name| name.replace('.', SEPARATOR).to_ascii_uppercase()).collect())
    }

    /// Whether a variable is ours: it has one of the names, or begins like one with a section's, and may be mistaken.
    ///
    /// Only upper case: a second spelling of the same variable would leave open which one counts.
    pub(super) fn claim(&self, name: &str) -> bool {
        let is_of = |section: &str| self.0.iter().any(|known| below(section, known).is_some());
        match name.split_once(SEPARATOR) {
            Some((section, rest)) => is_of(section) && !rest.contains(|c: char| c.is_ascii_lowercase()),
            None => self.0.iter().any(|known| known == name),
        }
    }

    /// The name that is this one but for its underscores: `TRACING__ENABLED` for `TRACING_ENABLED`.
    pub(super) fn same_words(&self, name: &str) -> Option<&str> {
        let letters = |name| str::chars(name).filter(|c| *c != '_');
        self.0.iter().map(String::as_str).find(|known| letters(known).eq(letters(name)))
    }

    /// The name that was most likely meant by what is unknown below a section: the only one that ends with it, or the
    /// one that is least off.
    pub(super) fn nearest(&self, section: &str, unknown: &str) -> Option<String> {
        let known = || self.0.iter().filter_map(|known| Some((known, below(section, known)?)));
        let ending = format!("{SEPARATOR}{unknown}");
        let mut ending = known().filter(|(_, field)| !unknown.is_empty() && field.ends_with(&ending));
        if let (Some((only, _)), None) = (ending.next(), ending.next()) {
            return Some(only.clone());
        }
        let off = |field: &str| {
            // The distance of names so different in length is more than that.
            let is_near = field.len().abs_diff(unknown.len()) <= MOST;
            let most = MOST.min(unknown.len().max(field.len()) / 2);
            is_near.then(|| distance(field, unknown)).filter(|off| *off <= most)
        };
        let near = known().filter_map(|(known, field)| Some((known, off(field)?)));
        near.min_by_key(|(_, off)| *off).map(|(known, _)| known.clone())
    }
}

/// The rest of a name that begins with a section's.
fn below<'a>(section: &str, name: &'a str) -> Option<&'a str> {
    name.strip_prefix(section)?.strip_prefix(SEPARATOR)
}

/// The edit distance of two short names.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut diagonal = i;
        let mut previous = i + 1;
        if let Some(first) = row.first_mut() {
            *first = previous;
        }
        for (cell, r) in row.iter_mut().skip(1).zip(right.chars()) {
            let substitute = diagonal + usize::from(l != r);
            diagonal = *cell;
            previous = substitute.min(previous + 1).min(*cell + 1);
            *cell = previous;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TelemetrySettings;

    fn names() -> Names {
        Names::of(&TelemetrySettings::default())
    }

    #[test]
    fn distances() {
        assert_eq!(distance("exporter_type", "exportr_type"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn names_of_sections_and_fields_are_ours() {
        let names = names();
        for ours in ["SCHEMA_URL", "TRACING__ENABLED", "TRACING__NO_SUCH", "LOGGING____LEVEL"] {
            assert!(names.claim(ours), "{ours}");
        }
        for other in
            ["", "TRACING", "TRACING_ENABLED", "tracing__enabled", "TRACING__Enabled", "__TRACING", "X__Y"]
        {
            assert!(!names.claim(other), "{other}");
        }
    }

    #[test]
    fn underscores_too_few_or_too_many_are_seen_through() {
        let names = names();
        for (written, meant) in [
            ("TRACING_ENABLED", "TRACING__ENABLED"),
            ("METRICS_PROMETHEUS__PORT", "METRICS__PROMETHEUS__PORT"),
            ("LOGGING_EXPORT_CONFIG_BATCH_SIZE", "LOGGING__EXPORT_CONFIG__BATCH_SIZE"),
            ("SCHEMA__URL", "SCHEMA_URL"),
            ("EXCLUDEDPATHS", "EXCLUDED_PATHS"),
        ] {
            assert_eq!(names.same_words(written), Some(meant));
        }
        for other in
            ["OTEL_TRACES_EXPORTER", "TRACING_LOG", "TRACING", "tracing_enabled", "MY_TRACING_ENABLED", "_"]
        {
            assert_eq!(names.same_words(other), None, "{other}");
        }
    }

    #[test]
    fn the_nearest_name_is_a_whole_one() {
        let names = names();
        for (section, written, meant) in [
            ("TRACING", "EXPORTR_TYPE", Some("TRACING__EXPORTER_TYPE")),
            ("TRACING", "COLLECTOR_HOST", Some("TRACING__COLLECTOR__HOST")),
            ("TRACING", "COLECTOR__HOST", Some("TRACING__COLLECTOR__HOST")),
            ("TRACING__COLLECTOR", "HOTS", Some("TRACING__COLLECTOR__HOST")),
            ("TRACING", "BATCH_SIZE", Some("TRACING__EXPORT_CONFIG__BATCH_SIZE")),
            // There are two ports.
            ("METRICS", "PORT", None),
            ("METRICS", "EXPORT_CONFIG__BATCH_SIZE", None),
            ("TRACING", "PASSWD", None),
            ("TRACING", "", None),
        ] {
            assert_eq!(names.nearest(section, written).as_deref(), meant, "{section} {written}");
        }
    }
}
