//! The catalogue as a page to read.

use std::fmt::Write as _;

use opentelemetry::Value;

use super::merged::MergedMetric;
use super::{AttributeEntry, AttributeValues, Catalogue};

impl Catalogue {
    /// A page in Markdown: every span, and every metric with its kind, unit, description, attributes and their values,
    /// buckets, objectives, and where it is declared. Files are named without what differs from machine to machine.
    ///
    /// ```
    /// use cryostorm::catalogue::{Catalogue, InstrumentKind, MetricEntry, Source};
    ///
    /// let sent = MetricEntry::new("mail.sent", InstrumentKind::Counter, Source::new("mail::sent", "src/mail.rs", 12))
    ///     .with_unit("{mail}");
    /// assert!(Catalogue::new([], [sent]).to_markdown().contains("| `mail::sent` | `src/mail.rs:12` |"));
    /// ```
    pub fn to_markdown(&self) -> String {
        let mut page = "# Telemetry\n".to_owned();
        if !self.spans.is_empty() {
            page.push_str("\n## Spans\n\n");
            let rows = self.spans.iter().map(|span| {
                vec![
                    code(&span.name),
                    format!("{:?}", span.kind).to_lowercase(),
                    span.attributes.iter().map(with_values).collect::<Vec<_>>().join("<br>"),
                    code(&span.source.function),
                    code(&span.source.location()),
                ]
            });
            table(&mut page, &["span", "kind", "attributes", "function", "declared at"], rows);
        }
        if !self.metrics.is_empty() {
            page.push_str("\n## Metrics\n");
        }
        for metric in self.merged_metrics() {
            section(&mut page, &metric);
        }
        page
    }
}

fn section(page: &mut String, metric: &MergedMetric<'_>) {
    let identity = metric.identity;
    // A `String` takes everything, here and below.
    let _ = write!(page, "\n### {}\n\n", code(&identity.name));
    if !identity.description.is_empty() {
        let _ = write!(page, "{}\n\n", text(&identity.description));
    }
    let unit = if identity.unit.is_empty() { "none".to_owned() } else { code(&identity.unit) };
    let _ = write!(page, "- kind: {}\n- unit: {unit}\n", identity.kind);
    if let Some(buckets) = &identity.buckets {
        let bounds: Vec<_> = buckets.iter().map(f64::to_string).collect();
        let _ = writeln!(page, "- buckets: {}", bounds.join(", "));
    }
    if !metric.attributes.is_empty() {
        page.push('\n');
        let rows =
            metric.attributes.iter().map(|attribute| vec![code(&attribute.key), values(&attribute.values)]);
        table(page, &["attribute", "values"], rows);
    }
    page.push('\n');
    let has_objectives = metric.entries.iter().any(|entry| entry.objective.is_some());
    let columns =
        if has_objectives { &["declared by", "at", "objective"][..] } else { &["declared by", "at"] };
    let rows = metric.entries.iter().map(|entry| {
        let mut row = vec![code(&entry.source.function), code(&entry.source.location())];
        if has_objectives {
            row.push(entry.objective.map(|objective| objective.to_string()).unwrap_or_default());
        }
        row
    });
    table(page, columns, rows);
}

/// A table of cells that are escaped already.
fn table(page: &mut String, columns: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let _ = writeln!(page, "| {} |", columns.join(" | "));
    let _ = writeln!(page, "|{}", "---|".repeat(columns.len()));
    for row in rows {
        let _ = writeln!(page, "| {} |", row.join(" | "));
    }
}

fn with_values(attribute: &AttributeEntry) -> String {
    match attribute.values {
        AttributeValues::Unbounded { limit: None } => code(&attribute.key),
        _ => format!("{}: {}", code(&attribute.key), values(&attribute.values)),
    }
}

fn values(values: &AttributeValues) -> String {
    match values {
        AttributeValues::Known(values) => values.iter().map(value).collect::<Vec<_>>().join(", "),
        AttributeValues::Boolean => "`true`, `false`".to_owned(),
        AttributeValues::Range { first, last } => format!("{first} to {last}"),
        AttributeValues::Text => "text".to_owned(),
        AttributeValues::Unbounded { limit: Some(limit) } => format!("any text, at most {limit}"),
        AttributeValues::Unbounded { limit: None } => "anything".to_owned(),
    }
}

fn value(value: &Value) -> String {
    code(&value.as_str())
}

/// Text as it is, on one line and without what would end a cell, open a tag or begin a list or a heading.
fn text(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let escaped = line.replace('\\', "\\\\").replace('|', "\\|").replace('<', "\\<");
    let opens_a_block = escaped.starts_with(['#', '>', '-', '+', '*', '=', '~', '`', ':']);
    if opens_a_block { format!("\\{escaped}") } else { escaped }
}

/// Text as code on one line, in a table too.
fn code(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_control() { line.extend(char.escape_default()) } else { line.push(char) }
    }
    if line.trim() == line && !line.is_empty() && !line.contains(['`', '|']) {
        return format!("`{line}`");
    }
    // Backquotes cannot hold these: a table takes a bar for the end of a cell even in code.
    let mut entities = String::from("<code>");
    for char in line.chars() {
        if char.is_alphanumeric() {
            entities.push(char);
        } else {
            let _ = write!(entities, "&#{};", u32::from(char));
        }
    }
    entities + "</code>"
}
