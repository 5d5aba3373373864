//! In which format a scraper wants the text: the negotiation by the header `Accept`.

use std::fmt;

/// A format, and how names are escaped in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Format {
    pub(super) protocol: Protocol,
    pub(super) escaping: Escaping,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Protocol {
    /// Prometheus text 0.0.4.
    Text0,
    /// Prometheus text 1.0.0, which is 0.0.4 with names in quotes.
    Text1,
    /// OpenMetrics text 1.0.0.
    OpenMetrics,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Escaping {
    AllowUtf8,
    Underscores,
    Dots,
    Values,
}

impl Format {
    /// What everyone understands.
    const FALLBACK: Self = Self { protocol: Protocol::Text0, escaping: Escaping::Underscores };

    /// The format that a scraper likes best, of those that it likes equally the one that it names first.
    pub(super) fn negotiated(accept: Option<&str>) -> Self {
        let mut best = (0.0, Self::FALLBACK);
        for range in accept.unwrap_or_default().split(',') {
            if let Some((quality, format)) = Self::offered(range).filter(|(quality, _)| *quality > best.0) {
                best = (quality, format);
            }
        }
        best.1
    }

    /// The format for a media range, where there is one, and how much it is liked.
    fn offered(range: &str) -> Option<(f64, Self)> {
        let mut parts = range.split(';').map(str::trim);
        let media_type = parts.next()?.to_ascii_lowercase();
        let (mut quality, mut version, mut escaping) = (1.0, None, Escaping::Underscores);
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "q" => quality = value.parse().ok().filter(|quality| (0.0..=1.0).contains(quality))?,
                "version" => version = Some(value.to_owned()),
                "escaping" => escaping = Escaping::of(value),
                _ => {}
            }
        }
        let protocol = match (media_type.as_str(), version.as_deref()) {
            ("application/openmetrics-text", Some("1.0.0") | None) => Protocol::OpenMetrics,
            ("text/plain", Some("1.0.0")) => Protocol::Text1,
            ("text/plain", Some("0.0.4") | None) | ("text/*" | "*/*", _) => Protocol::Text0,
            _ => return None,
        };
        if protocol == Protocol::Text0 && escaping == Escaping::AllowUtf8 {
            escaping = Escaping::Underscores;
        }
        Some((quality, Self { protocol, escaping }))
    }

    pub(super) fn is_openmetrics(self) -> bool {
        self.protocol == Protocol::OpenMetrics
    }
}

impl Escaping {
    /// The scheme of that name; the usual one for a name that is not known.
    fn of(name: &str) -> Self {
        match name {
            "allow-utf-8" => Self::AllowUtf8,
            "dots" => Self::Dots,
            "values" => Self::Values,
            _ => Self::Underscores,
        }
    }
}

/// As the header `Content-Type`.
impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.protocol {
            Protocol::Text0 => return f.write_str("text/plain; version=0.0.4; charset=utf-8"),
            Protocol::Text1 => "text/plain; version=1.0.0; charset=utf-8; escaping=",
            Protocol::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=",
        })?;
        f.write_str(match self.escaping {
            Escaping::AllowUtf8 => "allow-utf-8",
            Escaping::Underscores => "underscores",
            Escaping::Dots => "dots",
            Escaping::Values => "values",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Escaping::{AllowUtf8, Dots, Underscores, Values};
    use Protocol::{OpenMetrics, Text0, Text1};

    fn negotiated(accept: &str) -> (Protocol, Escaping) {
        let Format { protocol, escaping } = Format::negotiated(Some(accept));
        (protocol, escaping)
    }

    #[test]
    fn a_scraper_gets_what_it_likes_best() {
        for (accept, protocol, escaping) in [
            ("", Text0, Underscores),
            ("*/*", Text0, Underscores),
            ("text/html,application/xml;q=0.9,*/*;q=0.8", Text0, Underscores),
            ("application/json", Text0, Underscores),
            ("text/plain;version=0.0.4;escaping=dots", Text0, Dots),
            ("text/plain;version=0.0.4;escaping=allow-utf-8", Text0, Underscores),
            ("text/plain; version=1.0.0; escaping=allow-utf-8", Text1, AllowUtf8),
            ("text/plain;version=7", Text0, Underscores),
            ("application/openmetrics-text", OpenMetrics, Underscores),
            ("Application/OpenMetrics-Text; Version=\"1.0.0\"; escaping=values", OpenMetrics, Values),
            ("application/openmetrics-text;version=0.0.1,text/plain;q=0.5", Text0, Underscores),
            ("text/plain;q=0.5,application/openmetrics-text;q=0.5", Text0, Underscores),
            ("application/openmetrics-text;q=0,text/plain;q=0.1", Text0, Underscores),
            ("application/openmetrics-text;q=2", Text0, Underscores),
            ("application/openmetrics-text;q=x;;=,text/plain;version=1.0.0;q=0.1", Text1, Underscores),
            ("application/openmetrics-text;escaping=unheard-of", OpenMetrics, Underscores),
        ] {
            assert_eq!(negotiated(accept), (protocol, escaping), "{accept}");
        }
        assert_eq!(Format::negotiated(None), Format::FALLBACK);
    }

    #[test]
    fn prometheus_itself_gets_openmetrics() {
        let version_2 = "application/openmetrics-text;version=1.0.0,\
            application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        assert_eq!(negotiated(version_2), (OpenMetrics, Underscores));
        let version_3 = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,\
            application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,\
            text/plain;version=0.0.4;q=0.2,*/*;q=0.1";
        assert_eq!(negotiated(version_3), (OpenMetrics, AllowUtf8));
    }

    #[test]
    fn the_answer_says_what_was_chosen() {
        let content_type = |accept| Format::negotiated(Some(accept)).to_string();
        assert_eq!(content_type("*/*"), "text/plain; version=0.0.4; charset=utf-8");
        assert_eq!(
            content_type("text/plain;version=1.0.0;escaping=dots"),
            "text/plain; version=1.0.0; charset=utf-8; escaping=dots"
        );
        assert_eq!(
            content_type("application/openmetrics-text;escaping=allow-utf-8"),
            "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8"
        );
    }
}
