#![doc = include_str!("../../../docs/prometheus.md")]
//!
//! [`ExportStats`]: crate::ExportStats
//! [`cryostorm::catalogue()`]: crate::catalogue()
//! [`TranslationStrategy`]: crate::settings::TranslationStrategy

mod family;
mod format;
mod label;
mod name;
mod reader;
mod server;
mod text;

pub use reader::{Exposition, PrometheusReader, PrometheusReaderFactory, ScrapeError};
