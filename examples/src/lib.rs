//! The examples are the targets beside this file: `cargo run --example quickstart`.
