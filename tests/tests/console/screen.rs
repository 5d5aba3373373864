//! What was written to a console, and what the lines of it say.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use cryostorm::export::{ConsoleExporter, ExportStats};
use cryostorm::settings::{ConsoleFormat, EnvironmentType};
use cryostorm::{Telemetry, TelemetryBuilder, TelemetryGuard, TelemetrySettings};
use cryostorm_tests::installation::alone;

/// A console to look at.
#[derive(Clone, Default)]
pub struct Screen(Arc<Mutex<Vec<u8>>>);

impl Screen {
    /// All that was written so far.
    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8(bytes.clone()).expect("the console writes text")
    }

    pub fn exporter(&self, format: ConsoleFormat) -> ConsoleExporter {
        ConsoleExporter::to(self.clone()).with_format(format)
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the console shows of spans and logs in the end.
pub fn shown(format: ConsoleFormat, work: impl FnOnce(&TelemetryGuard, &Screen)) -> String {
    shown_with(format, |builder| builder, work).0
}

/// The same with other parts, and what was counted.
pub fn shown_with(
    format: ConsoleFormat,
    parts: impl FnOnce(TelemetryBuilder) -> TelemetryBuilder,
    work: impl FnOnce(&TelemetryGuard, &Screen),
) -> (String, ExportStats) {
    let _alone = alone();
    let screen = Screen::default();
    let mut settings = TelemetrySettings::default();
    settings.service.environment = EnvironmentType::Production;
    settings.metrics.enabled = false;
    let builder = Telemetry::builder(settings).with_console(screen.exporter(format));
    let guard = parts(builder).install().expect("telemetry is installed");
    work(&guard, &screen);
    let outcome = guard.shutdown();
    let stats = guard.export_stats();
    assert_eq!(outcome.is_ok(), stats.traces.lost() + stats.logs.lost() == 0, "{outcome:?} {stats:?}");
    (screen.text(), stats)
}

/// A line of a tree, cut into its columns.
#[derive(Debug)]
pub struct Line<'a> {
    pub time: &'a str,
    pub trace: &'a str,
    pub took: &'a str,
    /// Outcome, severity or kind of the line, and what stands beside it.
    pub rest: &'a str,
}

/// The lines of trees and of what stands between them; panics where one is none.
pub fn lines(text: &str) -> Vec<Line<'_>> {
    text.lines().map(|line| columns(line).unwrap_or_else(|| panic!("{line:?} in\n{text}"))).collect()
}

fn columns(line: &str) -> Option<Line<'_>> {
    let (time, trace, took) = (line.get(..12)?, line.get(13..19)?, line.get(20..31)?);
    let is_time = |time: &str| {
        let pattern = "00:00:00.000";
        time.chars().zip(pattern.chars()).all(|(c, p)| if p == '0' { c.is_ascii_digit() } else { c == p })
    };
    let is_id = trace.chars().all(|c| c.is_ascii_hexdigit()) || trace.trim().is_empty();
    let took = took.trim();
    let is_duration = took.is_empty() || took.strip_suffix("ms")?.parse::<f64>().is_ok();
    let is_whole = (is_time(time) || time.trim().is_empty()) && is_id && is_duration;
    is_whole.then_some(Line { time, trace: trace.trim(), took, rest: line.get(32..)? })
}

/// What the lines say beside time, trace and duration; spans that start apart from the others.
pub fn said(text: &str) -> (Vec<String>, Vec<String>) {
    let says = lines(text).into_iter().map(|line| line.rest.to_owned());
    says.partition(|says| says.starts_with("start "))
}

/// Lets some time pass, so that what comes next is later by any clock.
pub fn later() {
    let now = std::time::SystemTime::now();
    while now.elapsed().is_ok_and(|passed| passed.as_millis() < 2) {
        std::hint::spin_loop();
    }
}
