//! Records of the crate `log`, as log records of ours.

use std::sync::atomic::{AtomicBool, Ordering};

use ::log::kv::{self, Key, VisitSource, VisitValue};
use ::log::{LevelFilter, Log, Metadata, Record};
use opentelemetry::Value;
use opentelemetry::logs::LogRecord;
use opentelemetry_sdk::logs::SdkLogRecord;

use crate::export::text;
use crate::guarded::caught;
use crate::instrument::{self, AttributeValue};
use crate::settings::Level;
use crate::{Error, feedback};

use super::record::{any_value, begin, finish};

/// Whether the level at which the macros of `log` stop is for us to set.
static IS_INSTALLED: AtomicBool = AtomicBool::new(false);

/// Makes records of the crate `log` log records, under the span that is current, for whichever Telemetry is in force.
///
/// Not where the feature `tracing-log` of `tracing-subscriber` brings them to [`tracing::layer`](crate::tracing::layer)
/// already: a program has one logger.
///
/// ```
/// use cryostorm::{Telemetry, TelemetrySettings};
///
/// # fn main() -> Result<(), cryostorm::Error> {
/// cryostorm::log::init()?;
/// let telemetry = Telemetry::from_settings(TelemetrySettings::from_env()?)?;
/// log::warn!(attempt = 3, order = "7"; "payment is late");
/// telemetry.shutdown()
/// # }
/// ```
///
/// # Errors
///
/// [`Error::Logger`]: the program has a logger already.
pub fn init() -> Result<(), Error> {
    ::log::set_logger(&LogBridge).map_err(|_| Error::Logger)?;
    IS_INSTALLED.store(true, Ordering::Release);
    refresh();
    Ok(())
}

/// Has the macros of `log` stop at what the Telemetry in force wants.
pub(crate) fn refresh() {
    if IS_INSTALLED.load(Ordering::Acquire) {
        ::log::set_max_level(most());
    }
}

fn most() -> LevelFilter {
    let Some(telemetry) = instrument::installed() else { return LevelFilter::Off };
    let logging = telemetry.settings().filter(|_| telemetry.signals().logging.is_some());
    match logging.map(|settings| settings.logging.least()) {
        Some(Level::Trace) => LevelFilter::Trace,
        Some(Level::Debug) => LevelFilter::Debug,
        Some(Level::Info) => LevelFilter::Info,
        Some(Level::Warn) => LevelFilter::Warn,
        Some(Level::Error) => LevelFilter::Error,
        Some(Level::Fatal) | None => LevelFilter::Off,
    }
}

/// The logger that [`init`] installs, to be one of several in a logger of one's own. That sets the level at which the
/// macros of `log` stop; what is kept is up to the settings.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogBridge;

impl Log for LogBridge {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // In this order: what OpenTelemetry says of itself may be said where its context must not be looked at.
        !feedback::is_of_opentelemetry(metadata.target())
            && instrument::current().is_some_and(|local| {
                let settings = local.telemetry.settings().filter(|_| local.signals().logging.is_some());
                settings.is_some_and(|settings| {
                    settings.logging.admits(metadata.target(), level(metadata.level()))
                })
            })
    }

    fn log(&self, log: &Record<'_>) {
        if !self.enabled(log.metadata()) {
            return;
        }
        let Some(local) = instrument::current() else { return };
        let Some(logging) = &local.signals().logging else { return };
        let mut record = begin(logging, level(log.level()));
        match log.module_path_static().filter(|module| *module == log.target()) {
            Some(module) => record.set_target(module),
            None => record.set_target(log.target().to_owned()),
        }
        record.set_body(text::of(log.args()).into());
        match (log.file_static(), log.file()) {
            (Some(file), _) => record.add_attribute("code.file.path", file),
            (None, Some(file)) => record.add_attribute("code.file.path", file.to_owned()),
            (None, None) => {}
        }
        if let Some(line) = log.line() {
            record.add_attribute("code.line.number", i64::from(line));
        }
        let mut attributes = Attributes { record, count: 0 };
        // A source that fails leaves what it gave until then.
        let _ = feedback::listing(|| caught(|| log.key_values().visit(&mut attributes)));
        finish(logging, attributes.record, None);
    }

    fn flush(&self) {}
}

fn level(level: ::log::Level) -> Level {
    match level {
        ::log::Level::Trace => Level::Trace,
        ::log::Level::Debug => Level::Debug,
        ::log::Level::Info => Level::Info,
        ::log::Level::Warn => Level::Warn,
        ::log::Level::Error => Level::Error,
    }
}

/// Takes keys with their values, as many as a log record may have by the specification's default.
struct Attributes {
    record: SdkLogRecord,
    count: usize,
}

impl Attributes {
    const MOST: usize = 128;
}

impl<'kvs> VisitSource<'kvs> for Attributes {
    fn visit_pair(&mut self, key: Key<'kvs>, value: kv::Value<'kvs>) -> Result<(), kv::Error> {
        if self.count == Self::MOST {
            return Ok(());
        }
        let mut typed = Typed(None);
        value.visit(&mut typed)?;
        if let Some(value) = typed.0 {
            self.record.add_attribute(key.to_string(), any_value(value));
            self.count += 1;
        }
        Ok(())
    }
}

/// A value by its type; what has none by its `Display`.
struct Typed(Option<Value>);

impl Typed {
    fn put(&mut self, value: &impl AttributeValue) -> Result<(), kv::Error> {
        self.0 = value.to_value();
        Ok(())
    }
}

impl<'v> VisitValue<'v> for Typed {
    fn visit_any(&mut self, value: kv::Value<'_>) -> Result<(), kv::Error> {
        self.0 = Some(text::of(&value).into());
        Ok(())
    }

    fn visit_null(&mut self) -> Result<(), kv::Error> {
        Ok(())
    }

    fn visit_u64(&mut self, value: u64) -> Result<(), kv::Error> {
        self.put(&value)
    }

    fn visit_i64(&mut self, value: i64) -> Result<(), kv::Error> {
        self.put(&value)
    }

    fn visit_u128(&mut self, value: u128) -> Result<(), kv::Error> {
        self.put(&value)
    }

    fn visit_i128(&mut self, value: i128) -> Result<(), kv::Error> {
        self.put(&value)
    }

    fn visit_f64(&mut self, value: f64) -> Result<(), kv::Error> {
        self.put(&value)
    }

    fn visit_bool(&mut self, value: bool) -> Result<(), kv::Error> {
        self.put(&value)
    }

    fn visit_str(&mut self, value: &str) -> Result<(), kv::Error> {
        self.put(&value)
    }
}
