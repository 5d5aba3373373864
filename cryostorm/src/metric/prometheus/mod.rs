#![doc = include_str!("../../../docs/prometheus.md")]

mod family;
mod format;
mod label;
mod name;
mod reader;
mod server;
mod text;

pub use reader::{Exposition, PrometheusReader, PrometheusReaderFactory, ScrapeError};
