//! The logging of a telemetry system.

use std::fmt;
use std::time::Duration;

use opentelemetry::InstrumentationScope;
use opentelemetry::logs::LoggerProvider;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::{LoggerProviderBuilder, SdkLogger, SdkLoggerProvider};

use crate::{Error, Factory, TelemetryComponent};

use super::{LogExportProcessor, LogProcessorFactory};

const NAME: &str = "logging";

/// What a [`LoggingComponent`] is set up from.
pub(crate) struct LoggingPlan {
    pub(crate) resource: Resource,
    pub(crate) scope: InstrumentationScope,
    /// The one set, and in development a second one for the console.
    pub(crate) processors: Vec<LogProcessorFactory>,
    /// A user's own processors.
    pub(crate) own: Vec<Configure>,
}

/// Puts a part of a user's own into the provider.
pub(crate) type Configure = Box<dyn FnOnce(LoggerProviderBuilder) -> LoggerProviderBuilder + Send>;

/// The logger provider with its processors.
pub struct LoggingComponent {
    plan: Option<LoggingPlan>,
    running: Option<Running>,
}

struct Running {
    provider: SdkLoggerProvider,
    processors: Vec<LogExportProcessor>,
    logger: SdkLogger,
    /// Whether the provider has parts of a user\'s own.
    has_own: bool,
}

impl LoggingComponent {
    /// Without a plan there are no logs.
    pub(crate) fn new(plan: Option<LoggingPlan>) -> Self {
        Self { plan, running: None }
    }

    /// The provider, while logging is on and set up.
    #[must_use]
    pub fn provider(&self) -> Option<&SdkLoggerProvider> {
        self.running.as_ref().map(|running| &running.provider)
    }

    pub(crate) fn logger(&self) -> Option<SdkLogger> {
        self.running.as_ref().map(|running| running.logger.clone())
    }
}

impl TelemetryComponent for LoggingComponent {
    fn name(&self) -> &'static str {
        NAME
    }

    fn setup(&mut self) -> Result<(), Error> {
        let Some(plan) = self.plan.take() else { return Ok(()) };
        let processors =
            plan.processors.into_iter().map(Factory::create).collect::<Result<Vec<_>, Error>>()?;
        let builder = SdkLoggerProvider::builder().with_resource(plan.resource);
        let builder = processors.iter().cloned().fold(builder, LoggerProviderBuilder::with_log_processor);
        let has_own = !plan.own.is_empty();
        let provider = plan.own.into_iter().fold(builder, |builder, configure| configure(builder)).build();
        let logger = provider.logger_with_scope(plan.scope);
        self.running = Some(Running { provider, processors, logger, has_own });
        Ok(())
    }

    fn force_flush(&self, timeout: Duration) -> Result<(), Error> {
        let Some(Running { provider, processors, has_own, .. }) = &self.running else { return Ok(()) };
        for processor in processors {
            processor.flush(timeout)?;
        }
        // The provider would flush ours once more, so it is asked only where there are others.
        if !has_own {
            return Ok(());
        }
        provider.force_flush().map_err(|error| Error::part(NAME, &error))
    }

    fn shutdown(&mut self, timeout: Duration) -> Result<(), Error> {
        let Some(Running { provider, processors, .. }) = self.running.take() else { return Ok(()) };
        let ended: Vec<_> = processors.iter().map(|processor| processor.end(timeout)).collect();
        let own = provider.shutdown_with_timeout(timeout).map_err(|error| Error::part(NAME, &error));
        let results = ended.into_iter().map(|ended| ended.map_err(Error::from)).chain([own]);
        Error::all(results.filter_map(Result::err))
    }
}

impl fmt::Debug for LoggingComponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoggingComponent").field("running", &self.running.is_some()).finish_non_exhaustive()
    }
}
