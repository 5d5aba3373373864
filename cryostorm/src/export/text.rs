//! Text from the outside, made and shown without harm.

use std::fmt::{self, Display, Write};

use crate::feedback;
use crate::guarded::caught;

/// The most bytes of one text.
const MOST: usize = 32 * 1024;

/// What `value` says, cut at 32 KiB. A `Display` that fails or panics, which `to_string` would make the caller's
/// panic, says what it said until then; one that has itself said while it says it is an ellipsis in there.
pub(crate) fn of(value: &dyn Display) -> String {
    let mut text = Bounded::new(MOST);
    // Both kinds of failure leave what was written.
    match feedback::formatting(|| caught(|| write!(text, "{value}"))) {
        Some(_) => text.text,
        None => "…".to_owned(),
    }
}

/// What `value` says, an ellipsis in place of what is beyond `most` bytes. For values whose `Display` is not a user's.
pub(crate) fn cut(value: &dyn Display, most: usize) -> String {
    let mut text = Bounded::new(most);
    if write!(text, "{value}").is_err() {
        text.text.push('…');
    }
    text.text
}

struct Bounded {
    text: String,
    most: usize,
}

impl Bounded {
    fn new(most: usize) -> Self {
        Self { text: String::new(), most }
    }
}

impl Write for Bounded {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        let room = self.most - self.text.len();
        if more.len() <= room {
            self.text.push_str(more);
            return Ok(());
        }
        let end = (0..=room).rev().find(|end| more.is_char_boundary(*end)).unwrap_or_default();
        self.text.push_str(more.get(..end).unwrap_or_default());
        Err(fmt::Error)
    }
}

/// Text kept to its line: a message must not forge a second line, turn the reading direction or drive the terminal.
pub(crate) struct Text<'a>(pub(crate) &'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.contains(is_harmful) {
            return f.write_str(self.0);
        }
        self.0.chars().try_for_each(|c| write_char(f, c))
    }
}

/// The same as one word: as it is, or in quotes where it would be taken for several or for none.
pub(crate) struct Word<'a>(pub(crate) &'a str);

impl Display for Word<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_foreign = |c: char| c.is_whitespace() || c == '"' || is_harmful(c);
        if self.0.is_empty() || self.0.contains(is_foreign) {
            return Quoted(self.0).fmt(f);
        }
        f.write_str(self.0)
    }
}

/// The same in quotes, so that it is known where it ends, and what was escaped.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        self.0.chars().try_for_each(|c| match c {
            '"' | '\\' => write!(f, "\\{c}"),
            c => write_char(f, c),
        })?;
        f.write_char('"')
    }
}

fn write_char(f: &mut fmt::Formatter<'_>, c: char) -> fmt::Result {
    if is_harmful(c) { write!(f, "{}", c.escape_default()) } else { f.write_char(c) }
}

/// Control characters, line and paragraph separators, and marks of direction.
pub(crate) fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_stay_on_the_line() {
        assert_eq!(Text("a\nb\x1b[31m\u{2028}").to_string(), r"a\nb\u{1b}[31m\u{2028}");
        assert_eq!(Text("añ").to_string(), "añ");
    }

    #[test]
    fn a_word_is_one() {
        assert_eq!(Word("añ=1").to_string(), "añ=1");
        assert_eq!(Word("").to_string(), r#""""#);
        assert_eq!(Word("a b").to_string(), r#""a b""#);
        assert_eq!(Word("a\"\\ \n").to_string(), r#""a\"\\ \n""#);
        assert_eq!(Word(r"a\u{1b}").to_string(), r"a\u{1b}");
        assert_eq!(Word("a\u{1b}").to_string(), r#""a\u{1b}""#);
    }

    #[test]
    fn what_is_long_is_cut() {
        assert_eq!(cut(&"abc", 3), "abc");
        assert_eq!(cut(&"abcd", 3), "abc…");
        assert_eq!(cut(&"aé", 2), "a…");
    }

    struct Fails;

    impl Display for Fails {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("until here")?;
            Err(fmt::Error)
        }
    }

    #[test]
    fn a_failing_display_harms_nobody() {
        assert_eq!(of(&Fails), "until here");
        assert_eq!(of(&"é".repeat(MOST)).len(), MOST);
    }
}
