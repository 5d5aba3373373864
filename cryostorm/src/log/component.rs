//! The logging of a telemetry system.

use std::fmt;

use opentelemetry::InstrumentationScope;
use opentelemetry::logs::LoggerProvider;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::{LoggerProviderBuilder, SdkLogger, SdkLoggerProvider};

use crate::export::{Outlet, Pending, Running};
use crate::propagation::BaggageAttributes;
use crate::{Error, Factory, TelemetryComponent};

use super::LogProcessorFactory;

/// What a [`LoggingComponent`] is set up from.
pub(crate) struct LoggingPlan {
    pub(crate) resource: Resource,
    pub(crate) scope: InstrumentationScope,
    /// The one set, and in development a second one for the console.
    pub(crate) processors: Vec<LogProcessorFactory>,
    /// The members of the baggage that records have as attributes.
    pub(crate) baggage: BaggageAttributes,
    /// A user's own processors.
    pub(crate) own: Vec<Configure>,
}

/// Puts a part of a user's own into the provider.
pub(crate) type Configure = Box<dyn FnOnce(LoggerProviderBuilder) -> LoggerProviderBuilder + Send>;

/// The logger provider with its processors.
pub struct LoggingComponent {
    plan: Option<LoggingPlan>,
    running: Option<Running<SdkLoggerProvider>>,
    logger: Option<SdkLogger>,
}

impl LoggingComponent {
    /// Without a plan there are no logs.
    pub(crate) fn new(plan: Option<LoggingPlan>) -> Self {
        Self { plan, running: None, logger: None }
    }

    /// The provider, while logging is on and set up.
    #[must_use]
    pub fn provider(&self) -> Option<&SdkLoggerProvider> {
        self.running.as_ref().map(|running| &running.provider)
    }

    pub(crate) fn logger(&self) -> Option<SdkLogger> {
        self.logger.clone()
    }
}

impl TelemetryComponent for LoggingComponent {
    fn name(&self) -> &'static str {
        "logging"
    }

    fn setup(&mut self) -> Result<(), Error> {
        let Some(plan) = self.plan.take() else { return Ok(()) };
        let processors =
            plan.processors.into_iter().map(Factory::create).collect::<Result<Vec<_>, Error>>()?;
        let mut builder = SdkLoggerProvider::builder().with_resource(plan.resource);
        if !plan.baggage.is_empty() {
            builder = builder.with_log_processor(plan.baggage);
        }
        let builder = processors.iter().cloned().fold(builder, LoggerProviderBuilder::with_log_processor);
        let outlets =
            processors.into_iter().map(|processor| Box::new(processor) as Box<dyn Outlet>).collect();
        let has_own = !plan.own.is_empty();
        let provider = plan.own.into_iter().fold(builder, |builder, configure| configure(builder)).build();
        self.logger = Some(provider.logger_with_scope(plan.scope));
        self.running = Some(Running { provider, outlets, has_own });
        Ok(())
    }

    fn force_flush(&self) -> Pending {
        self.running.as_ref().map(Running::force_flush).unwrap_or_default()
    }

    fn shutdown(&mut self) -> Pending {
        self.logger = None;
        self.running.take().map(Running::shutdown).unwrap_or_default()
    }
}

impl fmt::Debug for LoggingComponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoggingComponent").field("running", &self.running.is_some()).finish_non_exhaustive()
    }
}
