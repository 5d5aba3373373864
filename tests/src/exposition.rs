//! What a scrape says, read by the grammar of the text formats and nothing beyond it.

use std::collections::{BTreeMap, BTreeSet};

/// Labels by name.
pub type Labels = BTreeMap<String, String>;

/// A scrape.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exposition {
    /// In the order of the text.
    pub families: Vec<Family>,
}

/// Samples of one name and type.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the formats")]
pub struct Family {
    pub name: String,
    pub kind: String,
    pub help: Option<String>,
    pub unit: Option<String>,
    pub samples: Vec<Sample>,
}

/// One line with a value.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the formats")]
pub struct Sample {
    pub name: String,
    pub labels: Labels,
    pub value: f64,
}

impl Exposition {
    /// Reads a scrape in OpenMetrics, or else in the Prometheus text format, as strictly as a scraper might.
    ///
    /// # Errors
    ///
    /// The first line that is wrong, and why.
    pub fn parse(text: &str, is_openmetrics: bool) -> Result<Self, String> {
        let lines = match (is_openmetrics, text.strip_suffix("# EOF\n")) {
            (true, Some(lines)) => lines,
            (true, None) => return Err("no end".to_owned()),
            (false, _) => text,
        };
        if !lines.is_empty() && !lines.ends_with('\n') {
            return Err("the last line does not end".to_owned());
        }
        let mut exposition = Self::default();
        for line in lines.split_terminator('\n') {
            exposition.line(line, is_openmetrics).map_err(|reason| format!("{reason}: {line:?}"))?;
        }
        exposition.check_names(is_openmetrics)?;
        exposition.families.iter().try_for_each(check_histogram)?;
        Ok(exposition)
    }

    /// The family of that name.
    pub fn family(&self, name: &str) -> Option<&Family> {
        self.families.iter().find(|family| family.name == name)
    }

    /// The value of the one sample of that name that has these labels among its own.
    ///
    /// # Panics
    ///
    /// If there are several.
    pub fn value(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let samples = self.families.iter().flat_map(|family| &family.samples);
        let has = |sample: &&Sample| {
            sample.name == name
                && labels.iter().all(|(label, value)| sample.labels.get(*label).is_some_and(|at| at == value))
        };
        let found: Vec<_> = samples.filter(has).collect();
        assert!(found.len() < 2, "{found:?}");
        found.first().map(|sample| sample.value)
    }

    fn line(&mut self, line: &str, is_openmetrics: bool) -> Result<(), String> {
        if let Some(comment) = line.strip_prefix("# ") {
            let (keyword, rest) = comment.split_once(' ').ok_or("a comment without a name")?;
            let (name, rest) = name(rest)?;
            let content = rest.strip_prefix(' ').ok_or("no content")?;
            return self.comment(keyword, name, content, is_openmetrics);
        }
        let sample = sample(line)?;
        let family = self.families.last_mut().ok_or("a sample without a family")?;
        let suffixes: &[&str] = match (family.kind.as_str(), is_openmetrics) {
            ("counter", true) => &["_total"],
            ("info", true) => &["_info"],
            ("histogram", _) => &["_bucket", "_sum", "_count"],
            ("counter" | "gauge", _) => &[""],
            _ => return Err("a sample before its type, or of an unknown one".to_owned()),
        };
        if !suffixes.iter().any(|suffix| format!("{}{suffix}", family.name) == sample.name) {
            return Err(format!("not of the family {:?}", family.name));
        }
        let is_same = |other: &&Sample| (&other.name, &other.labels) == (&sample.name, &sample.labels);
        if family.samples.iter().any(|other| is_same(&other)) {
            return Err("a second sample of the series".to_owned());
        }
        family.samples.push(sample);
        Ok(())
    }

    fn comment(&mut self, word: &str, name: String, text: &str, is_openmetrics: bool) -> Result<(), String> {
        if self.families.last().is_none_or(|family| family.name != name) {
            if self.family(&name).is_some() {
                return Err("the family was there already".to_owned());
            }
            self.families.push(Family { name, ..Family::default() });
        }
        let family = self.families.last_mut().ok_or("no family")?;
        let is_first = match word {
            "TYPE" => std::mem::replace(&mut family.kind, text.to_owned()).is_empty(),
            "HELP" => family.help.replace(unescaped(text, is_openmetrics)?).is_none(),
            "UNIT" if is_openmetrics && family.name.ends_with(&format!("_{text}")) => {
                family.unit.replace(text.to_owned()).is_none()
            }
            _ => false,
        };
        if is_first && family.samples.is_empty() { Ok(()) } else { Err("out of place".to_owned()) }
    }

    /// No name may be that of two families, nor of the samples of two.
    fn check_names(&self, is_openmetrics: bool) -> Result<(), String> {
        let mut taken = BTreeSet::new();
        for family in &self.families {
            let mut names: BTreeSet<&str> =
                family.samples.iter().map(|sample| sample.name.as_str()).collect();
            if is_openmetrics {
                names.insert(&family.name);
            }
            if let Some(twice) = names.into_iter().find(|name| !taken.insert(*name)) {
                return Err(format!("{twice:?} is in two families"));
            }
        }
        Ok(())
    }
}

/// Buckets rise, and the last has all.
fn check_histogram(family: &Family) -> Result<(), String> {
    let mut by_series: BTreeMap<Labels, (f64, f64)> = BTreeMap::new();
    let is_histogram = family.kind == "histogram";
    for sample in family.samples.iter().filter(|_| is_histogram) {
        let mut labels = sample.labels.clone();
        let Some(bound) = labels.remove("le") else {
            let buckets = by_series.get(&labels).ok_or("a series without buckets")?;
            if sample.name.ends_with("_count") && *buckets != (f64::INFINITY, sample.value) {
                return Err(format!("not as many as in the buckets: {sample:?}"));
            }
            continue;
        };
        let bound = number(&bound)?;
        let last = by_series.entry(labels).or_insert((f64::NEG_INFINITY, 0.0));
        if bound <= last.0 || sample.value < last.1 {
            return Err(format!("does not rise: {sample:?}"));
        }
        *last = (bound, sample.value);
    }
    let is_open = by_series.values().any(|(bound, _)| *bound != f64::INFINITY);
    if is_open { Err(format!("no last bucket: {family:?}")) } else { Ok(()) }
}

fn sample(line: &str) -> Result<Sample, String> {
    let (mut sample_name, mut rest) = match line.starts_with('{') {
        true => (None, line),
        false => name(line).map(|(name, rest)| (Some(name), rest))?,
    };
    let mut labels = Labels::new();
    if let Some(mut inside) = rest.strip_prefix('{') {
        while !inside.starts_with('}') {
            let (label, after) = name(inside)?;
            inside = match after.strip_prefix('=') {
                Some(value) => {
                    let (value, after) = quoted(value)?;
                    if label == "__name__" || label.contains(':') && !inside.starts_with('"') {
                        return Err(format!("no name of a label: {label:?}"));
                    }
                    if labels.insert(label, value).is_some() {
                        return Err("a label twice".to_owned());
                    }
                    after
                }
                None if sample_name.is_none() && labels.is_empty() && inside.starts_with('"') => {
                    sample_name = Some(label);
                    after
                }
                None => return Err("a label without a value".to_owned()),
            };
            inside = match inside.strip_prefix(',') {
                Some(more) if !more.starts_with('}') => more,
                None if inside.starts_with('}') => inside,
                _ => return Err("neither another label nor the end of them".to_owned()),
            };
        }
        rest = &inside[1..];
    }
    let value = number(rest.strip_prefix(' ').ok_or("no value")?)?;
    Ok(Sample { name: sample_name.ok_or("no name")?, labels, value })
}

/// A name, in quotes unless it is a classic one, and what follows.
fn name(text: &str) -> Result<(String, &str), String> {
    if text.starts_with('"') {
        let (name, rest) = quoted(text)?;
        // A label with a colon needs them.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let is_classic = name.chars().all(is_plain) && !name.starts_with(|c: char| c.is_ascii_digit());
        return if name.is_empty() || is_classic {
            Err("needless quotes".to_owned())
        } else {
            Ok((name, rest))
        };
    }
    let end = plain(text);
    match end == 0 || text.starts_with(|c: char| c.is_ascii_digit()) {
        true => Err("no name".to_owned()),
        false => Ok((text[..end].to_owned(), &text[end..])),
    }
}

/// How much of the text is a classic name.
fn plain(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':').unwrap_or(text.len())
}

fn quoted(text: &str) -> Result<(String, &str), String> {
    let inside = text.strip_prefix('"').ok_or("no quotes")?;
    let mut is_escaped = false;
    let end = inside.find(|c| {
        let is_end = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_end
    });
    let end = end.ok_or("quotes do not end")?;
    Ok((unescaped(&inside[..end], true)?, &inside[end + 1..]))
}

fn unescaped(text: &str, has_quotes: bool) -> Result<String, String> {
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.push(match (c, has_quotes) {
            ('\\', _) => match chars.next() {
                Some('\\') => '\\',
                Some('n') => '\n',
                Some('"') if has_quotes => '"',
                other => return Err(format!("\\{other:?} is no escape")),
            },
            ('"', true) => return Err("quotes that are not escaped".to_owned()),
            (c, _) => c,
        });
    }
    Ok(plain)
}

fn number(text: &str) -> Result<f64, String> {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit() || c == '-') && !text.ends_with('.');
    match text {
        "NaN" => Ok(f64::NAN),
        "+Inf" => Ok(f64::INFINITY),
        "-Inf" => Ok(f64::NEG_INFINITY),
        text => text.parse().ok().filter(|_| is_number).ok_or(format!("no number: {text:?}")),
    }
}
