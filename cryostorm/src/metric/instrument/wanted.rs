//! What an instrument is to be.

use std::borrow::Cow;
use std::fmt;

use cryostorm_exporter::MetricName;

use crate::catalogue::{InstrumentKind, MetricEntry, NumberType};
use crate::instrument::default_bounds;
use crate::telemetry_exporter::Buckets;

use super::InstrumentError;

/// The longest unit that OpenTelemetry allows an instrument.
const LONGEST_UNIT: usize = 63;

/// What somebody asks for.
pub(crate) struct Wanted {
    pub(crate) kind: InstrumentKind,
    pub(crate) name: Cow<'static, str>,
    pub(crate) description: Cow<'static, str>,
    /// None: whatever it has.
    pub(crate) unit: Option<Cow<'static, str>>,
    /// None: whatever it has.
    pub(crate) buckets: Option<Buckets>,
    /// The buckets of a new one, if it is not those of its unit.
    pub(crate) usual_buckets: Option<Buckets>,
    /// Whether one without a unit is it, too.
    pub(crate) takes_unitless: bool,
}

/// What an instrument is.
#[derive(Clone, Debug)]
pub(super) struct Described {
    pub(super) kind: InstrumentKind,
    pub(super) name: Cow<'static, str>,
    pub(super) description: Cow<'static, str>,
    pub(super) unit: Cow<'static, str>,
    /// None: those of the specification.
    pub(super) buckets: Option<Buckets>,
}

impl Wanted {
    pub(super) fn new(
        kind: InstrumentKind,
        name: impl Into<Cow<'static, str>>,
        description: impl Into<Cow<'static, str>>,
        unit: impl Into<Cow<'static, str>>,
    ) -> Self {
        let unit = Some(unit.into());
        Self { unit, description: description.into(), ..Self::of_any_unit(kind, name) }
    }

    pub(crate) fn of_any_unit(kind: InstrumentKind, name: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            name: name.into(),
            description: Cow::Borrowed(""),
            unit: None,
            buckets: None,
            usual_buckets: None,
            takes_unitless: false,
        }
    }

    /// Whether there can be one like this.
    pub(super) fn check(&self) -> Result<(), InstrumentError> {
        MetricName::new(self.name.to_string())?;
        let unit = self.unit.as_deref().unwrap_or_default();
        if unit.len() > LONGEST_UNIT || !unit.bytes().all(|byte| byte.is_ascii_graphic()) {
            let unit = unit.chars().take(LONGEST_UNIT + 1).collect();
            return Err(InstrumentError::Unit { name: self.name.to_string(), unit });
        }
        Ok(())
    }

    /// Whether an instrument that exists is the one that is asked for.
    pub(super) fn is(&self, existing: &Described) -> Result<(), InstrumentError> {
        self.same("kind", &existing.kind, &self.kind)?;
        self.is_unit(&existing.unit)?;
        self.is_buckets(existing.buckets.as_ref().map(Buckets::bounds))
    }

    /// Whether a metric that the program declares is the one that is asked for.
    pub(super) fn is_declared(&self, declared: &MetricEntry) -> Result<(), InstrumentError> {
        self.same("kind", &declared.kind, &self.kind)?;
        self.same("type of values", &declared.number, &NumberType::of(self.kind))?;
        self.is_unit(&declared.unit)?;
        self.is_buckets(declared.buckets.as_deref())
    }

    fn is_unit(&self, existing: &str) -> Result<(), InstrumentError> {
        match &self.unit {
            Some(_) if self.takes_unitless && existing.is_empty() => Ok(()),
            Some(unit) => self.same("unit", &existing, &&**unit),
            None => Ok(()),
        }
    }

    fn is_buckets(&self, existing: Option<&[f64]>) -> Result<(), InstrumentError> {
        let Some(wanted) = &self.buckets else { return Ok(()) };
        if existing == Some(wanted.bounds()) {
            return Ok(());
        }
        let shown =
            |bounds: Option<&[f64]>| bounds.map_or("default".to_owned(), |bounds| format!("{bounds:?}"));
        self.same("buckets", &shown(existing), &shown(Some(wanted.bounds())))
    }

    fn same<T: fmt::Display + PartialEq>(
        &self,
        field: &'static str,
        existing: &T,
        wanted: &T,
    ) -> Result<(), InstrumentError> {
        if existing == wanted { Ok(()) } else { Err(self.conflict(field, existing, wanted)) }
    }

    pub(super) fn conflict(
        &self,
        field: &'static str,
        existing: &dyn fmt::Display,
        wanted: &dyn fmt::Display,
    ) -> InstrumentError {
        let (existing, wanted) = (existing.to_string(), wanted.to_string());
        InstrumentError::Conflict { name: self.name.to_string(), field, existing, wanted }
    }

    /// What a new one is, of which the program declares this.
    pub(super) fn described(self, declared: Option<&MetricEntry>) -> Described {
        let of_declared = |text: fn(&MetricEntry) -> &str| {
            declared.map(text).filter(|text| !text.is_empty()).map(|text| Cow::Owned(text.to_owned()))
        };
        let unit = of_declared(|declared| &declared.unit).or(self.unit).unwrap_or_default();
        // A second description of one metric would be a conflict to the SDK.
        let description = of_declared(|declared| &declared.description).unwrap_or(self.description);
        let of_unit = || default_bounds(&unit).and_then(|bounds| Buckets::new(bounds).ok());
        let declared_buckets = || declared.and_then(|declared| Buckets::new(declared.buckets.clone()?).ok());
        let buckets = declared_buckets().or(self.buckets).or(self.usual_buckets).or_else(of_unit);
        Described { kind: self.kind, name: self.name, description, unit, buckets }
    }
}
