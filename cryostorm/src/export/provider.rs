//! What the providers of the three signals have in common while they run.

use std::time::Duration;

use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;

use super::error::Signal;
use super::pending::Pending;

/// Something with a worker on the export runtime.
pub(crate) trait Outlet: Send + Sync {
    /// Asks the worker to export what waits now, and if `close`, to take nothing more in and to end.
    fn request(&self, close: bool) -> Pending;
}

/// A provider of the SDK.
pub(crate) trait Provider: Clone + Send + 'static {
    const SIGNAL: Signal;

    fn force_flush(&self) -> OTelSdkResult;
    fn shutdown(&self, timeout: Duration) -> OTelSdkResult;
}

macro_rules! providers {
    ($($provider:ty: $signal:ident;)*) => {$(
        impl Provider for $provider {
            const SIGNAL: Signal = Signal::$signal;

            fn force_flush(&self) -> OTelSdkResult {
                <$provider>::force_flush(self)
            }

            fn shutdown(&self, timeout: Duration) -> OTelSdkResult {
                self.shutdown_with_timeout(timeout)
            }
        }
    )*};
}

providers! {
    SdkTracerProvider: Traces;
    SdkMeterProvider: Metrics;
    SdkLoggerProvider: Logs;
}

/// A provider with our outlets, and perhaps with parts of a user's own.
pub(crate) struct Running<P> {
    pub(crate) provider: P,
    pub(crate) outlets: Vec<Box<dyn Outlet>>,
    /// The provider is flushed only where there are such parts: it would flush ours once more.
    pub(crate) has_own: bool,
}

impl<P: Provider> Running<P> {
    pub(crate) fn force_flush(&self) -> Pending {
        let provider = self.provider.clone();
        match self.has_own {
            false => self.request(false),
            true => self.request(false).and(Pending::own_part(P::SIGNAL, move || provider.force_flush())),
        }
    }

    pub(crate) fn shutdown(self) -> Pending {
        // A reader collects once more, which it can only while the provider lives.
        let pending = self.request(true).keeping(self.provider.clone());
        let Self { provider, has_own, .. } = self;
        if has_own {
            return pending
                .and(Pending::own_part(P::SIGNAL, move || provider.shutdown(crate::telemetry::TIMEOUT)));
        }
        // Ours are closed already, so that this only marks the provider.
        let _ = provider.shutdown(Duration::ZERO);
        pending
    }

    fn request(&self, close: bool) -> Pending {
        self.outlets.iter().map(|outlet| outlet.request(close)).fold(Pending::default(), Pending::and)
    }
}
