//! Why there is no such instrument.

use cryostorm_exporter::InvalidMetricName;

/// An instrument that cannot be made: see [`Telemetry::create_counter`](crate::Telemetry::create_counter).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InstrumentError {
    /// The name is not in the syntax of the [metrics API][syntax].
    ///
    /// [syntax]: https://opentelemetry.io/docs/specs/otel/metrics/api/#instrument-name-syntax
    #[error(transparent)]
    Name(#[from] InvalidMetricName),

    /// The unit is none that a [declared metric](macro@crate::metrics) could have.
    #[error("{unit:?} is no unit for {name}: it has at most 63 ASCII characters, without spaces")]
    Unit {
        /// The name.
        name: String,
        /// The unit.
        unit: String,
    },

    /// There is one of that name, which is something else. Names are told apart without regard to case.
    #[error("the instrument {name} has the {field} {existing:?} already, and cannot have {wanted:?}")]
    Conflict {
        /// The name.
        name: String,
        /// What is different: `kind`, `type of values`, `unit` or `buckets`.
        field: &'static str,
        /// What the instrument has.
        existing: String,
        /// What was asked for.
        wanted: String,
    },

    /// There are as many instruments as there can be, or as many that tell what this one observes.
    #[error("{name} would be one more than the {limit} that there can be")]
    TooMany {
        /// The name.
        name: String,
        /// How many there can be.
        limit: usize,
    },
}
