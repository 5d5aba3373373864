//! What happens when there is too much, and where nobody listens.

use std::io::{self, Write};

use cryostorm::Telemetry;
use cryostorm::export::ConsoleExporter;
use cryostorm::settings::ConsoleFormat::{Json, Lines, Tree};

use crate::screen::{said, shown, shown_with};

#[test]
fn a_root_that_never_ends_does_not_hold_back_everything() {
    let mut open = None;
    let spans = 40_000;
    let text = shown(Tree, |telemetry, screen| {
        let root = telemetry.span("worker").start();
        for index in 0..spans {
            telemetry.span(format!("job {index};")).in_scope(|_| ());
            // No faster than the queue takes them.
            while index % 1000 == 0 && telemetry.export_stats().traces.pending() > 0 {
                std::thread::yield_now();
            }
        }
        assert!(screen.text().contains("open  worker\n"), "something is shown before the end");
        open = Some(root);
    });
    let is_shown = |line: &str| !line.starts_with("… ");
    let text: Vec<_> = text.lines().filter(|line| is_shown(line)).collect();
    let (_, lines) = said(&text.join("\n"));
    let mut jobs: Vec<_> =
        lines.iter().filter_map(|line| line.strip_prefix("ok ")?.split_once("─ job ")).collect();
    jobs.sort_unstable_by_key(|(_, job)| job.trim_end_matches(';').parse::<usize>().expect("a number"));
    jobs.dedup();
    assert_eq!(jobs.len(), spans, "each once");
    assert_eq!(jobs.len(), lines.iter().filter(|line| line.starts_with("ok ")).count());
}

/// A pipe that nobody reads from any more.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn where_nobody_listens_everything_is_counted_as_lost() {
    for format in [Tree, Lines, Json] {
        let console = ConsoleExporter::to(Closed).with_format(format);
        let (_, stats) = shown_with(
            format,
            |builder| builder.with_console(console),
            |telemetry, _| {
                telemetry.span("root").in_scope(|_| {
                    telemetry
                        .span("child")
                        .in_scope(|_| telemetry.log(cryostorm::Level::Info, "inside", &[]));
                });
                telemetry.log(cryostorm::Level::Info, "outside", &[]);
            },
        );
        assert_eq!((stats.traces.failed, stats.logs.failed), (2, 2), "{format}: {stats:?}");
    }
}

#[test]
fn a_writer_that_panics_harms_nobody() {
    struct Panics;

    impl Write for Panics {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
            std::panic::resume_unwind(Box::new(()))
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let console = ConsoleExporter::to(Panics);
    let (_, stats) = shown_with(
        Tree,
        |builder| builder.with_console(console),
        |_, _| {
            Telemetry::global().span("root").in_scope(|_| ());
        },
    );
    assert_eq!(stats.traces.failed, 1, "{stats:?}");
}
