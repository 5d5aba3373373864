//! The sections of the settings, with every field and default.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::arguments::Arguments;
use super::keyword::{
    CollectorProtocol, ConsoleFormat, EnvironmentType, ExporterType, Level, OtlpTransport, ProcessorType,
    PropagatorType, QueueFullPolicy, SamplingStrategy, TranslationStrategy,
};
use super::section::section;
use super::targets::TargetLevels;

section! {
    /// Who produces the telemetry: attributes of the resource, on every span, metric and log.
    pub struct ServiceInfo {
        /// `service.name`. Default: `unknown-service`.
        pub name: String = "unknown-service".to_owned() => (|text| not_blank(text), "a name that is not empty"),
        /// `service.version`. Default: `0.1.0`.
        pub version: String = "0.1.0".to_owned() => (|text| not_blank(text), "a version that is not empty"),
        /// `deployment.environment.name`. Default: `development`.
        pub environment: EnvironmentType = EnvironmentType::Development,
        /// More attributes of the resource. Default: none.
        pub additional_attributes: BTreeMap<String, opentelemetry::Value> = BTreeMap::new()
            => (no_empty_key, "a JSON object of strings, numbers and booleans, or key=value pairs separated by commas, without empty keys"),
    }
}

section! {
    /// Where an OTLP exporter sends to.
    pub struct CollectorEndpoint {
        /// A host name or an address. Default: `localhost`.
        pub host: String = "localhost".to_owned() => (|host| is_host(host), "a host name or an IP address, without scheme or path"),
        /// A port. Default: what the transport's specification says, 4317 for gRPC and 4318 for HTTP.
        pub port: Option<u16> = None => (|port| *port != Some(0), "a port from 1 to 65535"),
        /// With TLS or without. Default: `http`, without.
        pub protocol: CollectorProtocol = CollectorProtocol::Http,
        /// How OTLP is carried. Default: `grpc`.
        pub transport: OtlpTransport = OtlpTransport::Grpc,
    }
}

impl CollectorEndpoint {
    /// The port in force: the one set, else the transport's own.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.transport {
            OtlpTransport::Grpc => 4317,
            OtlpTransport::HttpProtobuf => 4318,
        })
    }

    /// The base URL, such as `http://localhost:4317`.
    #[must_use]
    pub fn url(&self) -> String {
        let mut url = format!("{}://", self.protocol);
        // An IPv6 address stands in brackets in a URL. Writing to a string cannot fail.
        let _ = match self.host.contains(':') && !self.host.starts_with('[') {
            true => write!(url, "[{}]", self.host),
            false => write!(url, "{}", self.host),
        };
        let _ = write!(url, ":{}", self.port());
        url
    }
}

section! {
    /// The console, where a signal goes there.
    pub struct ConsoleConfig {
        /// What it shows. Default: `tree`.
        pub format: ConsoleFormat = ConsoleFormat::Tree,
    }
}

section! {
    /// How ended spans and log records are gathered into exports.
    pub struct ExportConfig {
        /// The most items in one export. Default: 512.
        pub batch_size: usize = 512 => (|size| *size > 0, "a whole number from 1 up"),
        /// The longest an item waits for its batch to fill, in milliseconds. Default: 5000.
        pub schedule_delay_millis: u64 = 5000 => (|millis| *millis > 0, "milliseconds, a whole number from 1 up"),
        /// The longest an export may take, in milliseconds. Default: 30000.
        pub timeout_millis: u64 = 30_000 => (|millis| *millis > 0, "milliseconds, a whole number from 1 up"),
        /// The most exports under way at the same time. Default: 1, all that an exporter must be able to take.
        pub max_concurrent_exports: usize = 1 => (|exports| *exports > 0, "a whole number from 1 up"),
        /// What becomes of an item for which the queue has no room. Default: `drop_newest`.
        pub queue_full: QueueFullPolicy = QueueFullPolicy::DropNewest,
        /// The longest that `block` waits for room, in milliseconds. Default: 1000.
        pub block_timeout_millis: u64 = 1000 => (|millis| *millis > 0, "milliseconds, a whole number from 1 up"),
    }
}

section! {
    /// How context travels between services.
    pub struct PropagationConfig {
        /// Whether it does. Default: true.
        pub enabled: bool = true,
        /// In which formats. All are written; of those that a request has, the first in this list counts. Default:
        /// `tracecontext` and `baggage`.
        pub propagator_types: Vec<PropagatorType> = vec![PropagatorType::TraceContext, PropagatorType::Baggage],
        /// The keys of members of the baggage that spans and log records have as attributes. Default: none.
        pub baggage_attributes: Vec<String> = Vec::new(),
        /// The most traces in any second that are recorded because a remote span is sampled; beyond, they are sampled as
        /// if they began here. Default: no limit.
        pub max_remote_sampled_per_second: Option<u32> = None,
    }
}

section! {
    /// Spans.
    pub struct TracingConfig {
        /// Whether there are any. Default: true.
        pub enabled: bool = true,
        /// Where they go. Default: `console`.
        pub exporter_type: ExporterType = ExporterType::Console
            => (|kind| *kind != ExporterType::Prometheus, "one of `console`, `otlp`, `in_memory`"),
        /// Where to, if that is OTLP.
        pub collector: CollectorEndpoint = CollectorEndpoint::default(),
        /// When they are exported. Default: `batch`.
        pub processor_type: ProcessorType = ProcessorType::Batch,
        /// Which traces are recorded. Default: `parent_based_always_on`.
        pub sampling_strategy: SamplingStrategy = SamplingStrategy::ParentBasedAlwaysOn,
        /// The share of traces that the two strategies with a ratio record. Default: 1.0.
        pub sample_rate: f64 = 1.0 => (|rate| (0.0..=1.0).contains(rate), "a number from 0.0 to 1.0"),
        /// The least severe level that is kept of spans that the crate `tracing` makes. Default: `info`.
        pub level: Level = Level::Info,
        /// The same for single targets. Default: none.
        pub targets: TargetLevels = TargetLevels::default(),
        /// Batches and time limits.
        pub export_config: ExportConfig = ExportConfig::default(),
        /// More for the exporter: `headers`, for OTLP. Default: none.
        pub additional_exporter_args: Arguments = Arguments::default()
            => (|arguments| arguments.suit_exporter(), "an object with `headers`, name=value pairs separated by commas"),
        /// More for the processor: `max_queue_size`, the most spans that wait for export, by default 2048 in batches
        /// and 16384 otherwise; `max_queue_bytes`, the most memory that they take, by default 64 MiB.
        pub additional_processor_args: Arguments = Arguments::default()
            => (|arguments| arguments.suit_processor(), "an object with `max_queue_size` and `max_queue_bytes`, whole numbers from 1 up"),
    }
}

section! {
    /// Where metrics are served for Prometheus to scrape, under the path `/metrics`.
    pub struct PrometheusEndpoint {
        /// An address of this machine, or `localhost`, which is 127.0.0.1. Default: `localhost`. Whoever reaches the
        /// address may read the metrics.
        pub host: String = "localhost".to_owned()
            => (|host| listening_at(host).is_some(), "`localhost` or an IP address of this machine"),
        /// A port; with 0 the operating system chooses one. Default: 9464.
        pub port: u16 = 9464,
        /// What becomes of names. Default: `underscore_escaping_with_suffixes`.
        pub translation_strategy: TranslationStrategy = TranslationStrategy::UnderscoreEscapingWithSuffixes,
    }
}

impl PrometheusEndpoint {
    /// The address to listen at. One that is refused by [`validate`](super::TelemetrySettings::validate) is taken for
    /// `localhost`.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        SocketAddr::new(listening_at(&self.host).unwrap_or(Ipv4Addr::LOCALHOST.into()), self.port)
    }

    /// The URL to scrape, such as `http://127.0.0.1:9464/metrics`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/metrics", self.address())
    }
}

section! {
    /// Metrics.
    pub struct MetricsConfig {
        /// Whether there are any. Default: true.
        pub enabled: bool = true,
        /// Where they go. Default: `console`.
        pub exporter_type: ExporterType = ExporterType::Console,
        /// Where to, if that is OTLP.
        pub collector: CollectorEndpoint = CollectorEndpoint::default(),
        /// Where they are served, if that is Prometheus.
        pub prometheus: PrometheusEndpoint = PrometheusEndpoint::default(),
        /// How often they are collected and exported, in milliseconds. Default: 60000. For Prometheus they are collected
        /// at each scrape.
        pub export_interval_millis: u64 = 60_000 => (|millis| *millis > 0, "milliseconds, a whole number from 1 up"),
        /// The longest an export or the collection for a scrape may take, in milliseconds. Default: 30000.
        pub export_timeout_millis: u64 = 30_000 => (|millis| *millis > 0, "milliseconds, a whole number from 1 up"),
        /// More for the exporter: `headers`, for OTLP. Default: none.
        pub additional_exporter_args: Arguments = Arguments::default()
            => (|arguments| arguments.suit_exporter(), "an object with `headers`, name=value pairs separated by commas"),
    }
}

section! {
    /// Logs.
    pub struct LoggingConfig {
        /// Whether there are any. Default: true.
        pub enabled: bool = true,
        /// When they are exported. Default: `simple`.
        pub processor_type: ProcessorType = ProcessorType::Simple,
        /// Where they go. Default: `console`.
        pub exporter_type: ExporterType = ExporterType::Console
            => (|kind| *kind != ExporterType::Prometheus, "one of `console`, `otlp`, `in_memory`"),
        /// Where to, if that is OTLP.
        pub collector: CollectorEndpoint = CollectorEndpoint::default(),
        /// The least severe level that is kept. Default: `info`.
        pub level: Level = Level::Info,
        /// The same for single targets of the crates `log` and `tracing`. Default: none.
        pub targets: TargetLevels = TargetLevels::default(),
        /// Batches and time limits, where the settings below do not say otherwise.
        pub export_config: ExportConfig = ExportConfig::default(),
        /// Overrides `export_config.schedule_delay_millis`. Default: unset.
        pub schedule_delay_millis: Option<u64> = None
            => (|millis| *millis != Some(0), "milliseconds, a whole number from 1 up"),
        /// Overrides `export_config.batch_size`. Default: unset.
        pub max_export_batch_size: Option<usize> = None => (|size| *size != Some(0), "a whole number from 1 up"),
        /// Overrides `export_config.timeout_millis`. Default: unset.
        pub export_timeout_millis: Option<u64> = None
            => (|millis| *millis != Some(0), "milliseconds, a whole number from 1 up"),
        /// The most records that wait for export in batches. Default: 512.
        pub max_queue_size: usize = 512 => (|size| *size > 0, "a whole number from 1 up"),
        /// More for the processor: `max_queue_size`, which wins over the setting of that name; `max_queue_bytes`, the
        /// most memory that waiting records take, by default 64 MiB.
        pub additional_processor_args: Arguments = Arguments::default()
            => (|arguments| arguments.suit_processor(), "an object with `max_queue_size` and `max_queue_bytes`, whole numbers from 1 up"),
        /// More for the exporter: `headers`, for OTLP. Default: none.
        pub additional_exporter_args: Arguments = Arguments::default()
            => (|arguments| arguments.suit_exporter(), "an object with `headers`, name=value pairs separated by commas"),
    }
}

#[cfg(feature = "tracing")]
impl TracingConfig {
    /// Whether spans of the crate `tracing` are kept that come from there.
    pub(crate) fn admits(&self, target: &str, level: Level) -> bool {
        self.targets.admit(self.level, target, level)
    }

    /// The least severe level of those that are kept.
    pub(crate) fn least(&self) -> Level {
        self.targets.least(self.level)
    }
}

#[cfg(any(feature = "log", feature = "tracing"))]
impl LoggingConfig {
    /// Whether records are kept that come from there.
    pub(crate) fn admits(&self, target: &str, level: Level) -> bool {
        self.targets.admit(self.level, target, level)
    }

    /// The least severe level of those that are kept.
    pub(crate) fn least(&self) -> Level {
        self.targets.least(self.level)
    }
}

fn not_blank(text: &str) -> bool {
    !text.trim().is_empty()
}

fn no_empty_key(attributes: &BTreeMap<String, opentelemetry::Value>) -> bool {
    attributes.keys().all(|key| !key.is_empty())
}

fn is_host(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let is_name = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    is_name || address.parse::<std::net::Ipv6Addr>().is_ok()
}

/// The address that a host to listen at stands for. Names are not looked up: which address they lead to is up to others.
fn listening_at(host: &str) -> Option<IpAddr> {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    match host.eq_ignore_ascii_case("localhost") {
        true => Some(Ipv4Addr::LOCALHOST.into()),
        false => address.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::section::Setting;

    #[test]
    fn the_port_follows_the_transport_unless_set() {
        let mut endpoint = CollectorEndpoint::default();
        assert_eq!(endpoint.url(), "http://localhost:4317");
        endpoint.transport = OtlpTransport::HttpProtobuf;
        assert_eq!(endpoint.url(), "http://localhost:4318");
        endpoint.port = Some(9000);
        endpoint.protocol = CollectorProtocol::Https;
        endpoint.host = "::1".to_owned();
        assert_eq!(endpoint.url(), "https://[::1]:9000");
    }

    #[test]
    fn prometheus_is_served_at_an_address_of_this_machine() {
        let mut endpoint = PrometheusEndpoint::default();
        assert_eq!(endpoint.url(), "http://127.0.0.1:9464/metrics");
        endpoint.host = "[::1]".to_owned();
        assert_eq!(endpoint.url(), "http://[::1]:9464/metrics");
        endpoint.host = "example.org".to_owned();
        let error = endpoint.validate("metrics.prometheus").unwrap_err().to_string();
        assert!(error.contains("metrics.prometheus.host=\"example.org\""), "{error}");
    }

    #[test]
    fn a_rule_names_its_field() {
        let mut tracing = TracingConfig::default();
        tracing.export_config.batch_size = 0;
        let error = tracing.validate("tracing").unwrap_err().to_string();
        assert!(error.contains("tracing.export_config.batch_size"), "{error}");
    }
}
