//! Keeps what this program's telemetry looks like beside the code: documentation, conventions, alerts and a dashboard.
//!
//! `SNAPSHOTS=overwrite cargo test -p cryostorm-examples --example quickstart` writes the files again.

use std::path::Path;
use std::{env, fs};

#[test]
fn the_files_say_what_the_code_says() {
    let catalogue = cryostorm::catalogue();
    let rules =
        catalogue.to_prometheus_rules("quickstart").expect("objectives that can be told from the metrics");
    let files = [
        ("telemetry.md", catalogue.to_markdown()),
        ("registry.yaml", catalogue.to_weaver_registry()),
        ("rules.yaml", rules.to_string()),
        ("dashboard.json", catalogue.to_grafana_dashboard("Quickstart")),
    ];
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("quickstart/catalogue");
    for (name, text) in files {
        let file = directory.join(name);
        if env::var_os("SNAPSHOTS").is_some_and(|mode| mode == "overwrite") {
            fs::write(&file, &text).expect("a directory for the files");
        }
        let kept = fs::read_to_string(&file).unwrap_or_default();
        assert!(kept == text, "{name} is now\n{text}");
    }
}
