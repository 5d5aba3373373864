use super::{counted, timed, traced};
use crate::model::Instrument;
use std::fmt;

/// One option of an attribute, by name and by how it is written.
pub(super) struct Spec {
    pub(super) name: &'static str,
    pub(super) example: &'static str,
}

pub(super) const NAME: Spec = Spec { name: "name", example: "name = \"..\"" };
pub(super) const KIND: Spec = Spec { name: "kind", example: "kind = Client" };
pub(super) const ATTRIBUTES: Spec = Spec { name: "attributes", example: "attributes(key = value)" };
pub(super) const LINKS: Spec = Spec { name: "links", example: "links = &contexts" };
pub(super) const ROOT: Spec = Spec { name: "root", example: "root" };
pub(super) const CONTEXT: Spec = Spec { name: "context", example: "context = parent" };
pub(super) const OK: Spec = Spec { name: "ok", example: "ok(key = |value| ..)" };
pub(super) const ERR: Spec = Spec { name: "err", example: "err(key = |error| ..)" };
pub(super) const ERROR_TYPE: Spec = Spec { name: "error_type", example: "error_type = |error| .." };
pub(super) const RECORD_ERROR: Spec = Spec { name: "record_error", example: "record_error = event" };
pub(super) const IF: Spec = Spec { name: "if", example: "if = condition" };
pub(super) const TRACER: Spec = Spec { name: "tracer", example: "tracer = \"..\"" };
pub(super) const DESCRIPTION: Spec = Spec { name: "description", example: "description = \"..\"" };
pub(super) const UNIT: Spec = Spec { name: "unit", example: "unit = \"s\"" };
pub(super) const ON: Spec = Spec { name: "on", example: "on = err" };
pub(super) const BY: Spec = Spec { name: "by", example: "by = amount" };
pub(super) const BUCKETS: Spec = Spec { name: "buckets", example: "buckets = [0.1, 0.5, 1]" };
pub(super) const IN_FLIGHT: Spec = Spec { name: "in_flight", example: "in_flight = \"..\"" };
/// Of `#[timed]`.
pub(super) const OBJECTIVE: Spec =
    Spec { name: "objective", example: "objective(latency = 0.25, target = 0.99)" };
/// Of `#[counted]`.
pub(super) const SUCCESS: Spec = Spec { name: "objective", example: "objective(success = 0.999)" };
pub(super) const CRATE: Spec = Spec { name: "crate", example: "crate = path" };

pub(super) const PREFIX: Spec = Spec { name: "prefix", example: "prefix = \"..\"" };
pub(super) const RANGE: Spec = Spec { name: "range", example: "range = 0..=9" };
pub(super) const UNBOUNDED: Spec = Spec { name: "unbounded", example: "unbounded(limit = 100)" };
pub(super) const LIMIT: Spec = Spec { name: "limit", example: "limit = 100" };
pub(super) const RENAME_ALL: Spec = Spec { name: "rename_all", example: "rename_all = \"snake_case\"" };

/// An attribute, and the options that it accepts.
#[derive(Clone, Copy)]
pub(super) struct Grammar {
    pub(super) name: &'static str,
    pub(super) options: &'static [&'static Spec],
}

impl Grammar {
    pub(super) fn option(self, name: &str) -> Option<&'static Spec> {
        self.options.iter().copied().find(|spec| spec.name == name)
    }

    /// The option that a text alone is most likely meant for.
    pub(super) fn text(self) -> Option<&'static Spec> {
        self.options.iter().copied().find(|spec| spec.example.ends_with('"'))
    }

    /// Whether the attribute goes on functions that are called.
    pub(super) fn is_of_calls(self) -> bool {
        Instrument::named(self.name).is_some()
    }
}

impl From<Instrument> for Grammar {
    fn from(instrument: Instrument) -> Self {
        let options = match instrument {
            Instrument::Traced => traced::OPTIONS,
            Instrument::Counted => counted::OPTIONS,
            Instrument::Timed => timed::OPTIONS,
        };
        Self { name: instrument.name(), options }
    }
}

/// As it is written, for messages.
impl fmt::Display for Grammar {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#[{}]", self.name)
    }
}
