//! Which colour means what.

use std::fmt::{self, Display};

use anstyle::{AnsiColor, Style};
use opentelemetry::trace::TraceId;

/// The styles of what is printed; without colours they leave it as it is.
#[derive(Debug)]
pub(super) struct Palette {
    /// Times, attribute keys, glyphs of trees: what stands between what matters.
    pub(super) quiet: Style,
    /// A name that a block begins with.
    pub(super) title: Style,
    pub(super) ok: Style,
    pub(super) error: Style,
    /// Neither of both.
    pub(super) warning: Style,
    /// Events and links.
    pub(super) note: Style,
    is_on: bool,
}

/// To tell traces apart that come at the same time.
const TRACES: [AnsiColor; 6] = [
    AnsiColor::Cyan,
    AnsiColor::Magenta,
    AnsiColor::Blue,
    AnsiColor::BrightCyan,
    AnsiColor::BrightMagenta,
    AnsiColor::BrightBlue,
];

static PLAIN: Palette = Palette {
    quiet: Style::new(),
    title: Style::new(),
    ok: Style::new(),
    error: Style::new(),
    warning: Style::new(),
    note: Style::new(),
    is_on: false,
};

static COLORED: Palette = Palette {
    quiet: Style::new().dimmed(),
    title: Style::new().bold(),
    ok: AnsiColor::Green.on_default(),
    error: AnsiColor::Red.on_default().bold(),
    warning: AnsiColor::Yellow.on_default(),
    note: AnsiColor::Cyan.on_default(),
    is_on: true,
};

impl Palette {
    /// With colours or without.
    pub(super) const fn new(is_on: bool) -> &'static Self {
        if is_on { &COLORED } else { &PLAIN }
    }

    /// The colour of everything that belongs to a trace.
    pub(super) fn trace(&self, id: TraceId) -> Style {
        let place = usize::from(id.to_bytes().last().copied().unwrap_or_default()) % TRACES.len();
        match TRACES.get(place) {
            Some(color) if self.is_on => color.on_default(),
            _ => Style::new(),
        }
    }
}

/// Text in the quiet style; nothing at all where there is none.
pub(super) struct Quiet<'a>(pub(super) &'a Palette, pub(super) &'a str);

impl Display for Quiet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(Palette { quiet, .. }, text) = self;
        if text.is_empty() { Ok(()) } else { write!(f, "{quiet}{text}{quiet:#}") }
    }
}
