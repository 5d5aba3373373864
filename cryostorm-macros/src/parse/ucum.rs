//! The units of the Unified Code for Units of Measure, in its case-sensitive form.

/// Units that take a prefix. The bel is not among them: who writes `B` means bytes.
const METRIC: [&str; 68] = [
    "m", "s", "g", "rad", "K", "C", "cd", "mol", "sr", "Hz", "N", "Pa", "J", "W", "A", "V", "F", "Ohm", "S",
    "Wb", "Cel", "T", "H", "lm", "lx", "Bq", "Gy", "Sv", "l", "L", "ar", "t", "bar", "u", "eV", "pc", "Np",
    "bit", "By", "Bd", "Ky", "Gal", "dyn", "erg", "P", "Bi", "St", "Mx", "G", "Oe", "Gb", "sb", "Lmb", "ph",
    "Ci", "R", "RAD", "REM", "tex", "gf", "cal", "cal_th", "cal_IT", "kat", "U", "eq", "osm", "mho",
];

const UNPREFIXED: [&str; 30] = [
    "%", "'", "''", "min", "h", "d", "wk", "mo", "mo_s", "mo_j", "mo_g", "a", "a_t", "a_j", "a_g", "deg",
    "gon", "circ", "sph", "AU", "atm", "att", "har", "Ao", "dB", "bit_s", "g%", "st", "cal_m", "twip",
];

const PREFIXES: [&str; 24] = [
    "Y", "Z", "E", "P", "T", "G", "M", "k", "h", "da", "d", "c", "m", "u", "n", "p", "f", "a", "z", "y",
    "Ki", "Mi", "Gi", "Ti",
];

/// Units that go on in brackets, as in `mm[Hg]`, and with a prefix.
const BRACKETED: [&str; 4] = ["", "m", "B", "cal_"];

/// What a text has where a unit should be. Its `word` is empty where the text ends too soon, or goes on.
#[derive(Debug)]
pub(super) struct Mistake<'a> {
    pub(super) word: &'a str,
    /// What follows the word.
    pub(super) rest: &'a str,
}

pub(super) fn check(unit: &str) -> Result<(), Mistake<'_>> {
    let mut reader = Reader { rest: unit };
    reader.skip("/");
    reader.term()?;
    if reader.rest.is_empty() { Ok(()) } else { reader.mistake() }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// Units that are multiplied and divided.
    fn term(&mut self) -> Result<(), Mistake<'a>> {
        loop {
            self.component()?;
            if !self.skip(".") && !self.skip("/") {
                return Ok(());
            }
        }
    }

    fn component(&mut self) -> Result<(), Mistake<'a>> {
        if self.skip("(") {
            self.term()?;
            return if self.skip(")") { Ok(()) } else { self.mistake() };
        }
        let is_factor = !self.take(|character| character.is_ascii_digit()).is_empty();
        if !is_factor || self.skip("*") || self.skip("^") {
            if !is_factor && !self.rest.starts_with('{') {
                self.atom()?;
            }
            self.exponent()?;
        }
        self.annotation()
    }

    fn atom(&mut self) -> Result<(), Mistake<'a>> {
        let start = self.rest;
        let head = self.take(|character| character.is_alphabetic() || "_%'°".contains(character));
        let is_bracketed = self.skip("[");
        if is_bracketed {
            self.take(|character| character.is_ascii_graphic() && !"[]{}".contains(character));
            if !self.skip("]") {
                return self.mistake();
            }
        }
        let is_unit = |word: &str| match is_bracketed {
            true => BRACKETED.contains(&word),
            false => METRIC.contains(&word),
        };
        let has_prefix = || PREFIXES.iter().filter_map(|prefix| head.strip_prefix(prefix)).any(is_unit);
        if is_unit(head) || has_prefix() || !is_bracketed && UNPREFIXED.contains(&head) {
            return Ok(());
        }
        Err(Mistake { word: start.strip_suffix(self.rest).unwrap_or_default(), rest: self.rest })
    }

    fn exponent(&mut self) -> Result<(), Mistake<'a>> {
        let has_sign = self.skip("+") || self.skip("-");
        let digits = self.take(|character| character.is_ascii_digit());
        if has_sign && digits.is_empty() { self.mistake() } else { Ok(()) }
    }

    /// `{text}`, which says what is counted.
    fn annotation(&mut self) -> Result<(), Mistake<'a>> {
        if !self.skip("{") {
            return Ok(());
        }
        let text = self.take(|character| character.is_ascii_graphic() && !"{}".contains(character));
        if !text.is_empty() && self.skip("}") { Ok(()) } else { self.mistake() }
    }

    fn skip(&mut self, text: &str) -> bool {
        let after = self.rest.strip_prefix(text);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn take(&mut self, is_taken: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest.trim_start_matches(is_taken);
        let taken = self.rest.strip_suffix(rest).unwrap_or_default();
        self.rest = rest;
        taken
    }

    fn mistake(&self) -> Result<(), Mistake<'a>> {
        Err(Mistake { word: "", rest: self.rest })
    }
}
