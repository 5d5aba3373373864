//! The settings that choose one of several names.

/// Declares an enum whose variants are written as keywords, the first spelling being the one shown.
macro_rules! keywords {
    (
        $(#[$enum_doc:meta])*
        pub enum $name:ident {
            $($(#[$variant_doc:meta])* $variant:ident = $first:literal $(| $alias:literal)*),* $(,)?
        }
    ) => {
        $(#[$enum_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(
                $(#[$variant_doc])*
                #[doc = concat!("\n\nIn the environment: `", $first, "`", $(", `", $alias, "`",)* ".")]
                $variant,
            )*
        }

        impl $name {
            /// The keyword for it in the environment.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $first,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl crate::settings::section::Value for $name {
            fn parse(text: &str) -> Result<Self, String> {
                match text.trim().to_ascii_lowercase().as_str() {
                    $($first $(| $alias)* => Ok(Self::$variant),)*
                    _ => Err(format!("one of {}", [$(concat!("`", $first, "`")),*].join(", "))),
                }
            }

            fn show(&self) -> String {
                self.as_str().to_owned()
            }
        }
    };
}

keywords! {
    /// Where the service runs: the resource attribute `deployment.environment.name`.
    pub enum EnvironmentType {
        /// A developer's machine: logs always show on the console too.
        Development = "development",
        /// A rehearsal of production.
        Staging = "staging",
        /// The real thing.
        Production = "production",
    }
}

keywords! {
    /// Where a signal goes.
    pub enum ExporterType {
        /// Standard output: see [`ConsoleFormat`].
        Console = "console",
        /// The OpenTelemetry protocol, to a Collector or a backend.
        Otlp = "otlp",
        /// The memory of the process: see [`Telemetry::in_memory`](crate::Telemetry::in_memory).
        InMemory = "in_memory",
        /// Nowhere: they are served for Prometheus to scrape. For metrics only, with the cargo feature `prometheus`.
        Prometheus = "prometheus",
    }
}

keywords! {
    /// What the console shows: see [`ConsoleExporter`](crate::export::ConsoleExporter).
    pub enum ConsoleFormat {
        /// A line when a span starts, and a tree of what happened when its root ends.
        Tree = "tree",
        /// A line for each span, metric point and log record.
        Lines = "lines",
        /// The same as JSON objects, one on each line.
        Json = "json",
    }
}

keywords! {
    /// What becomes of OpenTelemetry's names in Prometheus, by the names of the
    /// [exporter specification](https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/prometheus/#translation-strategy).
    /// A scraper that takes UTF-8 names only if they are escaped gets them escaped in any case.
    pub enum TranslationStrategy {
        /// `http.server.requests` is `http_server_requests_total`: what every Prometheus takes.
        UnderscoreEscapingWithSuffixes = "underscore_escaping_with_suffixes",
        /// `http.server.requests` is `http_server_requests`.
        UnderscoreEscapingWithoutSuffixes = "underscore_escaping_without_suffixes",
        /// `http.server.requests` is `http.server.requests_total`.
        NoUtf8EscapingWithSuffixes = "no_utf8_escaping_with_suffixes",
        /// `http.server.requests` stays as it is.
        NoTranslation = "no_translation",
    }
}

keywords! {
    /// When ended spans and log records are exported.
    pub enum ProcessorType {
        /// When a batch is full or its delay is over: what a service wants.
        Batch = "batch",
        /// At once, without waiting for more.
        Simple = "simple",
    }
}

keywords! {
    /// What becomes of a span or log record for which the queue has no room. Whatever is lost is counted.
    pub enum QueueFullPolicy {
        /// It is refused.
        DropNewest = "drop_newest",
        /// It takes the place of those that waited longest.
        DropOldest = "drop_oldest",
        /// Its thread waits until there is room, and for no longer than the limit set: for batch jobs, not for async code.
        Block = "block",
    }
}

keywords! {
    /// A format in which context travels between services, by the names that the
    /// [specification](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration)
    /// has for it.
    pub enum PropagatorType {
        /// The W3C trace context: headers `traceparent` and `tracestate`.
        TraceContext = "tracecontext",
        /// The W3C baggage: header `baggage`.
        Baggage = "baggage",
        /// The format of Zipkin: header `b3`. Needs the cargo feature `b3`.
        B3 = "b3",
        /// The same in several headers: `x-b3-traceid` and others. Needs the cargo feature `b3`.
        B3Multi = "b3multi",
        /// The format of Jaeger: header `uber-trace-id`.
        Jaeger = "jaeger",
        /// The format of AWS X-Ray: header `x-amzn-trace-id`. Needs the cargo feature `xray`.
        XRay = "xray",
    }
}

keywords! {
    /// Which traces are recorded.
    pub enum SamplingStrategy {
        /// Every one.
        AlwaysOn = "always_on",
        /// None.
        AlwaysOff = "always_off",
        /// As the parent says; every one without a parent.
        ParentBasedAlwaysOn = "parent_based_always_on",
        /// As the parent says; none without a parent.
        ParentBasedAlwaysOff = "parent_based_always_off",
        /// The share `sample_rate` of all traces, chosen by trace id, whatever the parent says.
        TraceIdRatio = "trace_id_ratio",
        /// As the parent says; the share `sample_rate` of those without a parent, chosen by trace id.
        ParentBasedTraceIdRatio = "parent_based_trace_id_ratio",
    }
}

keywords! {
    /// The protocol scheme of a Collector's URL.
    pub enum CollectorProtocol {
        /// Without TLS.
        Http = "http",
        /// With TLS.
        Https = "https",
    }
}

keywords! {
    /// How OTLP is carried, by the names of the
    /// [protocol exporter specification](https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
    pub enum OtlpTransport {
        /// gRPC; port 4317 unless said otherwise.
        Grpc = "grpc",
        /// Protobuf bodies over HTTP; port 4318 unless said otherwise.
        HttpProtobuf = "http/protobuf",
    }
}

keywords! {
    /// How severe a log record is, from the least to the most.
    pub enum Level {
        /// Fine-grained debugging.
        Trace = "trace",
        /// Debugging.
        Debug = "debug",
        /// Something happened.
        Info = "info",
        /// Something may be wrong.
        Warn = "warn" | "warning",
        /// Something is wrong.
        Error = "error",
        /// The service cannot go on.
        Fatal = "fatal" | "critical",
    }
}

#[cfg(feature = "prometheus")]
impl TranslationStrategy {
    /// Whether names keep characters that older versions of Prometheus do not take.
    pub(crate) fn has_utf8(self) -> bool {
        matches!(self, Self::NoUtf8EscapingWithSuffixes | Self::NoTranslation)
    }

    /// Whether names say their unit, and that of a counter `total`.
    pub(crate) fn has_suffixes(self) -> bool {
        matches!(self, Self::UnderscoreEscapingWithSuffixes | Self::NoUtf8EscapingWithSuffixes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::section::Value;

    #[test]
    fn keywords_ignore_case_and_know_their_aliases() {
        assert_eq!(ExporterType::parse("OTLP").unwrap(), ExporterType::Otlp);
        assert_eq!(Level::parse("WARNING").unwrap(), Level::Warn);
        assert_eq!(Level::parse("critical").unwrap(), Level::Fatal);
    }

    #[test]
    fn an_unknown_keyword_is_answered_with_the_known_ones() {
        assert_eq!(
            ExporterType::parse("jaeger").unwrap_err(),
            "one of `console`, `otlp`, `in_memory`, `prometheus`"
        );
    }
}
