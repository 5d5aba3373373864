//! How severe records and spans of other crates have to be, target by target.

use std::collections::BTreeMap;

use super::keyword::Level;
use super::section::Value;

/// Levels of single targets, in place of the level for all. In the environment: `sqlx=warn,my::db=debug,h2=off`.
///
/// A target is where a record or span of the crates `log` and `tracing` comes from: the path of its module, unless it names
/// another. Of the names here that a target begins with, the longest counts. `off` lets nothing through.
///
/// ```
/// use cryostorm::settings::TargetLevels;
/// use cryostorm::{Level, TelemetrySettings};
///
/// let mut settings = TelemetrySettings::from_vars([("LOGGING__TARGETS", "sqlx=warn, h2=off")])?;
/// let in_code = TargetLevels::default().with("sqlx", Level::Warn).with("h2", None);
/// assert_eq!(settings.logging.targets, in_code);
/// # Ok::<(), cryostorm::SettingsError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetLevels(BTreeMap<String, Option<Level>>);

impl TargetLevels {
    /// Adds the least severe level that is kept of a target, or none where nothing is. A second one for the same target
    /// replaces the first.
    #[must_use]
    pub fn with(mut self, target: impl Into<String>, level: impl Into<Option<Level>>) -> Self {
        self.0.insert(target.into(), level.into());
        self
    }
}

#[cfg(any(feature = "log", feature = "tracing"))]
impl TargetLevels {
    /// Whether what comes from there is severe enough, where all other targets have the level `of_others`.
    pub(super) fn admit(&self, of_others: Level, target: &str, level: Level) -> bool {
        let named = self.0.iter().filter(|(name, _)| target.starts_with(*name));
        let least = named.max_by_key(|(name, _)| name.len()).map_or(Some(of_others), |(_, level)| *level);
        least.is_some_and(|least| level >= least)
    }

    /// The least severe level that anything is admitted with.
    pub(super) fn least(&self, of_others: Level) -> Level {
        self.0.values().flatten().copied().fold(of_others, Level::min)
    }
}

impl Value for TargetLevels {
    fn parse(text: &str) -> Result<Self, String> {
        let level = |text: &str| match text.trim() {
            off if off.eq_ignore_ascii_case("off") => Some(None),
            level => Level::parse(level).ok().map(Some),
        };
        let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| {
                let (target, text) = pair.split_once('=')?;
                let target = Some(target.trim()).filter(|target| !target.is_empty())?;
                Some((target.to_owned(), level(text)?))
            })
            .collect::<Option<_>>()
            .map(Self)
            .ok_or_else(|| {
                "target=level pairs separated by commas, with the levels `trace`, `debug`, `info`, `warn`, `error`, \
                 `fatal` and `off`"
                    .to_owned()
            })
    }

    fn show(&self) -> String {
        let pair = |(target, level): (&String, &Option<Level>)| {
            format!("{target}={}", level.map_or("off", Level::as_str))
        };
        self.0.iter().map(pair).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_list_of_levels_is_refused() {
        for text in ["info", "sqlx", "sqlx=", "=info", "sqlx=loud", "sqlx=info;h2=off"] {
            assert!(TargetLevels::parse(text).is_err(), "{text}");
        }
        assert_eq!(TargetLevels::parse(" a=OFF ,, b::c = Warning").unwrap().show(), "a=off,b::c=warn");
        assert_eq!(TargetLevels::parse("").unwrap(), TargetLevels::default());
    }

    #[cfg(any(feature = "log", feature = "tracing"))]
    #[test]
    fn the_longest_name_counts() {
        let targets = TargetLevels::parse("my=warn,my::db=debug,my::db::pool=off").unwrap();
        let levels = [Level::Debug, Level::Info, Level::Warn];
        let admitted = |target| levels.map(|level| targets.admit(Level::Info, target, level));
        assert_eq!(admitted("other"), [false, true, true]);
        assert_eq!(admitted("my::api"), [false, false, true]);
        assert_eq!(admitted("my::db::row"), [true, true, true]);
        assert_eq!(admitted("my::db::pool"), [false, false, false]);
        assert_eq!(targets.least(Level::Info), Level::Debug);
    }
}
