//! Writes YAML in block style, with every text quoted.
//!
//! The libraries for it are either no longer maintained, or need a newer compiler than cryostorm does. Only three shapes
//! are needed, and a quoted text leaves no question of what is a keyword or a number.

use std::fmt::{self, Write as _};

/// A YAML node.
#[derive(Clone, Debug)]
pub(super) enum Yaml {
    /// A text.
    Text(String),
    /// A number or a truth value, as it is written.
    Plain(String),
    /// A list on one line, of nodes that have no lists or maps in them.
    Line(Vec<Yaml>),
    /// A list, an item a line.
    List(Vec<Yaml>),
    /// A map in the order of its keys here. These are plain words.
    Map(Vec<(&'static str, Yaml)>),
}

impl Yaml {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn number(number: f64) -> Self {
        let whole = number.fract() == 0.0;
        // Without a point, or with an exponent, some readers take it for something else than a float.
        Self::Plain(if whole { format!("{number:.1}") } else { number.to_string() })
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, indent: usize) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::Plain(plain) => f.write_str(plain),
            Self::Line(items) => {
                f.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { ", " })?;
                    item.write(f, indent)?;
                }
                f.write_char(']')
            }
            Self::List(items) if items.is_empty() => f.write_str("[]"),
            Self::Map(entries) if entries.is_empty() => f.write_str("{}"),
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    separate(f, index, indent)?;
                    f.write_str("- ")?;
                    item.write(f, indent + 2)?;
                }
                Ok(())
            }
            Self::Map(entries) => {
                for (index, (key, value)) in entries.iter().enumerate() {
                    separate(f, index, indent)?;
                    write!(f, "{key}:")?;
                    if value.is_block() {
                        write!(f, "\n{:1$}", "", indent + 2)?;
                    } else {
                        f.write_char(' ')?;
                    }
                    value.write(f, indent + 2)?;
                }
                Ok(())
            }
        }
    }

    /// Whether it takes lines of its own.
    fn is_block(&self) -> bool {
        match self {
            Self::List(items) => !items.is_empty(),
            Self::Map(entries) => !entries.is_empty(),
            _ => false,
        }
    }
}

impl fmt::Display for Yaml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)?;
        f.write_char('\n')
    }
}

/// Starts a line, but for the first item, which stands on the line of what it is in.
fn separate(f: &mut fmt::Formatter<'_>, index: usize, indent: usize) -> fmt::Result {
    if index == 0 { Ok(()) } else { write!(f, "\n{:indent$}", "") }
}

/// The text in double quotes, on one line, with the escapes that YAML, JSON and PromQL have in common.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for char in text.chars() {
        match char {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            // Not printable to YAML, line breaks to some versions of it, or marks of a byte order.
            '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                // A `String` takes everything.
                let _ = write!(quoted, "\\u{:04x}", u32::from(char));
            }
            _ => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}
