#![doc = include_str!("../../docs/settings.md")]
//!
//! [`cryostorm::propagation`]: crate::propagation
//! [`ConsoleExporter`]: crate::export::ConsoleExporter
//! [`SignalStats`]: crate::export::SignalStats

mod arguments;
mod env;
mod error;
mod keyword;
mod names;
pub(crate) mod section;
mod sections;
mod targets;
mod value;

pub use arguments::Arguments;
pub use error::SettingsError;
pub use keyword::{
    CollectorProtocol, ConsoleFormat, EnvironmentType, ExporterType, Level, OtlpTransport, ProcessorType,
    PropagatorType, QueueFullPolicy, SamplingStrategy, TranslationStrategy,
};
pub use sections::{
    CollectorEndpoint, ConsoleConfig, ExportConfig, LoggingConfig, MetricsConfig, PrometheusEndpoint,
    PropagationConfig, ServiceInfo, TracingConfig,
};

pub use targets::TargetLevels;

use section::{Setting, section};

section! {
    /// All settings. What [`Telemetry`](crate::Telemetry) was installed with no longer changes.
    ///
    /// ```
    /// use cryostorm::TelemetrySettings;
    /// use cryostorm::settings::ExporterType;
    ///
    /// let mut settings = TelemetrySettings::default();
    /// settings.service.name = "checkout".into();
    /// settings.tracing.exporter_type = ExporterType::Otlp;
    /// assert!(settings.validate().is_ok());
    ///
    /// settings.tracing.sample_rate = 1.5;
    /// let error = settings.validate().unwrap_err().to_string();
    /// assert!(error.contains("tracing.sample_rate") && error.contains("from 0.0 to 1.0"));
    /// ```
    pub struct TelemetrySettings {
        /// Who produces the telemetry.
        pub service: ServiceInfo = ServiceInfo::default(),
        /// The schema URL of the resource and the instrumentation scope. Default: none.
        pub schema_url: String = String::new(),
        /// Paths of requests that leave no telemetry where a server has a layer of cryostorm's. A path is given whole; `*` in
        /// it is any text, with slashes or without: `/internal/*`. Default, which what is set replaces: `/health`, `/metrics`,
        /// `/favicon.ico`.
        pub excluded_paths: Vec<String> = ["/health", "/metrics", "/favicon.ico"].map(str::to_owned).to_vec()
            => (|paths| paths.iter().all(|path| path.starts_with(['/', '*'])), "paths that begin with `/` or `*`"),
        /// How context travels between services.
        pub propagation: PropagationConfig = PropagationConfig::default(),
        /// What the console shows.
        pub console: ConsoleConfig = ConsoleConfig::default(),
        /// Spans.
        pub tracing: TracingConfig = TracingConfig::default(),
        /// Metrics.
        pub metrics: MetricsConfig = MetricsConfig::default(),
        /// Logs.
        pub logging: LoggingConfig = LoggingConfig::default(),
    }
}

impl TelemetrySettings {
    /// Reads the process's environment; what is not set there keeps its default. A variable whose name is right but for its
    /// underscores is reported on standard error.
    ///
    /// # Errors
    ///
    /// The first variable, by name, that is not accepted.
    pub fn from_env() -> Result<Self, SettingsError> {
        env::read(std::env::vars_os())
    }

    /// Reads the given variables as [`from_env`](Self::from_env) reads the process's.
    ///
    /// ```
    /// use cryostorm::TelemetrySettings;
    ///
    /// let error = TelemetrySettings::from_vars([("TRACING__EXPORTR_TYPE", "otlp")]).unwrap_err();
    /// assert!(error.to_string().contains("TRACING__EXPORTER_TYPE"));
    /// ```
    ///
    /// # Errors
    ///
    /// The first variable, by name, that is not accepted.
    pub fn from_vars<N, V>(variables: impl IntoIterator<Item = (N, V)>) -> Result<Self, SettingsError>
    where
        N: Into<std::ffi::OsString>,
        V: Into<std::ffi::OsString>,
    {
        env::read(variables.into_iter().map(|(name, value)| (name.into(), value.into())))
    }

    /// Checks every rule; [`Telemetry::from_settings`](crate::Telemetry::from_settings) does so too.
    ///
    /// # Errors
    ///
    /// The first setting that breaks one, under its dotted name.
    pub fn validate(&self) -> Result<(), SettingsError> {
        Setting::validate(self, "")
    }
}
