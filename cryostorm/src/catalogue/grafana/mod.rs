//! A dashboard for Grafana.

mod unit;

use serde_json::{Value as Json, json};

use self::unit::{per_second, unit};
use super::merged::MergedMetric;
use super::prometheus::{self, metric_name};
use super::{Catalogue, InstrumentKind};

/// The version of the classic model, which is the last: Grafana reads it, and converts it to its newer ones.
const SCHEMA_VERSION: u64 = 42;

/// How many units wide and high a panel is, of the 24 that a dashboard is wide.
const PANEL: (usize, usize) = (12, 8);

impl Catalogue {
    /// A dashboard over Prometheus in the JSON that Grafana imports.
    ///
    /// A counter has a panel of its rate, and one of its share of failures if it tells them by `error.type`; a histogram
    /// has its quantiles and a heat map; everything else has
    /// its value. The data source and the jobs are chosen on the
    /// dashboard. The same catalogue and title make the same text, so that an import replaces what was there.
    ///
    /// ```
    /// use cryostorm::catalogue::{Catalogue, InstrumentKind, MetricEntry, Source};
    ///
    /// let sent = MetricEntry::new("mail.sent", InstrumentKind::Counter, Source::new("mail::sent", "src/mail.rs", 12));
    /// let dashboard = Catalogue::new([], [sent]).to_grafana_dashboard("Mail");
    /// assert!(dashboard.contains("rate(mail_sent_total{"));
    /// ```
    pub fn to_grafana_dashboard(&self, title: &str) -> String {
        let panels = self.merged_metrics().iter().flat_map(panels).enumerate().map(place).collect::<Vec<_>>();
        let mut dashboard = json!({
            "annotations": { "list": [] },
            "editable": true,
            "fiscalYearStartMonth": 0,
            "graphTooltip": 1,
            "id": null,
            "links": [],
            "panels": panels,
            "refresh": "1m",
            "schemaVersion": SCHEMA_VERSION,
            "tags": ["cryostorm"],
            "templating": { "list": [datasource_variable(), job_variable()] },
            "time": { "from": "now-3h", "to": "now" },
            "timepicker": {},
            "timezone": "",
            "title": title,
            "uid": uid(title),
            "version": 1,
        });
        // Another crate of the build may make maps keep the order in which they were filled.
        dashboard.sort_all_objects();
        // The alternate form is indented, as a file in a repository should be.
        format!("{dashboard:#}\n")
    }
}

fn panels(metric: &MergedMetric<'_>) -> Vec<Json> {
    let name = metric_name(metric.identity);
    let labels = metric.labels();
    let by_outcome = legend(&labels);
    match metric.identity.kind {
        InstrumentKind::Counter | InstrumentKind::ObservableCounter => {
            let query = query("A", &rate(&name, "", &labels), &by_outcome);
            let mut panels = vec![graph(metric, "rate", &per_second(&metric.identity.unit), vec![query])];
            if metric.has_error_type() {
                panels.push(error_ratio(metric, &name));
            }
            panels
        }
        InstrumentKind::Histogram => {
            let bucket = format!("{name}_bucket");
            let unit = unit(&metric.identity.unit);
            let quantile = |id, quantile, by: &[String], legend: &str| {
                let by: Vec<_> = by.iter().cloned().chain(["le".to_owned()]).collect();
                query(id, &format!("histogram_quantile({quantile}, {})", rate(&bucket, "", &by)), legend)
            };
            let of_all = [("A", "0.5"), ("B", "0.95"), ("C", "0.99")]
                .map(|(id, q)| quantile(id, q, &[], &format!("quantile {q}")));
            let calls = metric.labels_of_all();
            let of_each = quantile("A", "0.95", &calls, &legend(&calls));
            vec![
                graph(metric, "quantiles", unit, of_all.into()),
                graph(metric, "quantile 0.95 by attributes", unit, vec![of_each]),
                heatmap(
                    metric,
                    unit,
                    &rate(&bucket, "", &["le".to_owned()]).replacen("rate(", "increase(", 1),
                ),
            ]
        }
        InstrumentKind::UpDownCounter | InstrumentKind::ObservableUpDownCounter => {
            let sum = format!("sum by ({}) ({name}{{job=~\"$job\"}})", labels.join(", "));
            vec![graph(metric, "value", unit(&metric.identity.unit), vec![query("A", &sum, &by_outcome)])]
        }
        InstrumentKind::Gauge | InstrumentKind::ObservableGauge => {
            // The values of several instances add up to nothing that is known.
            let value = format!("{name}{{job=~\"$job\"}}");
            let legend = format!("{{{{instance}}}} {by_outcome}");
            vec![graph(metric, "value", unit(&metric.identity.unit), vec![query("A", &value, &legend)])]
        }
    }
}

fn error_ratio(metric: &MergedMetric<'_>, name: &str) -> Json {
    let by = metric.labels_of_all();
    let (errors, all) = (rate(name, ",error_type!=\"\"", &by), rate(name, "", &by));
    let ratio = query("A", &prometheus::error_ratio(&errors, &all), &legend(&by));
    graph(metric, "share of failures", "percentunit", vec![ratio])
}

/// The rate of the series that also have what `own` says, by the labels.
fn rate(series: &str, own: &str, by: &[String]) -> String {
    format!("sum by ({}) (rate({series}{{job=~\"$job\"{own}}}[$__rate_interval]))", by.join(", "))
}

/// A series is called by its labels, but for the job, unless there is nothing else.
fn legend(labels: &[String]) -> String {
    let shown: Vec<_> =
        labels.iter().filter(|label| *label != "job").map(|label| format!("{{{{{label}}}}}")).collect();
    if shown.is_empty() { "{{job}}".to_owned() } else { shown.join(" ") }
}

fn query(id: &str, expr: &str, legend: &str) -> Json {
    json!({
        "datasource": datasource(),
        "editorMode": "code",
        "expr": expr,
        "legendFormat": legend,
        "range": true,
        "refId": id,
    })
}

fn graph(metric: &MergedMetric<'_>, what: &str, unit: &str, targets: Vec<Json>) -> Json {
    json!({
        "datasource": datasource(),
        "description": metric.identity.description,
        "fieldConfig": {
            "defaults": { "custom": { "fillOpacity": 8, "lineWidth": 1, "showPoints": "auto" }, "unit": unit },
            "overrides": [],
        },
        "options": {
            "legend": { "calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": true },
            "tooltip": { "mode": "multi", "sort": "desc" },
        },
        "targets": targets,
        "title": format!("{}: {what}", metric.identity.name),
        "type": "timeseries",
    })
}

fn heatmap(metric: &MergedMetric<'_>, unit: &str, expr: &str) -> Json {
    let mut buckets = query("A", expr, "{{le}}");
    if let Some(fields) = buckets.as_object_mut() {
        fields.insert("format".to_owned(), json!("heatmap"));
    }
    json!({
        "datasource": datasource(),
        "description": metric.identity.description,
        "fieldConfig": { "defaults": {}, "overrides": [] },
        "options": {
            "calculate": false,
            "cellGap": 1,
            "color": { "mode": "scheme", "scheme": "Oranges", "steps": 64 },
            "tooltip": { "mode": "single", "yHistogram": false },
            "yAxis": { "axisPlacement": "left", "unit": unit },
        },
        "targets": [buckets],
        "title": format!("{}: distribution", metric.identity.name),
        "type": "heatmap",
    })
}

/// Numbers the panel and puts it into the grid, row by row.
fn place((index, mut panel): (usize, Json)) -> Json {
    let (width, height) = PANEL;
    let columns = 24 / width;
    if let Some(fields) = panel.as_object_mut() {
        fields.insert("id".to_owned(), json!(index + 1));
        let (x, y) = (index % columns * width, index / columns * height);
        fields.insert("gridPos".to_owned(), json!({ "h": height, "w": width, "x": x, "y": y }));
    }
    panel
}

fn datasource() -> Json {
    json!({ "type": "prometheus", "uid": "${datasource}" })
}

fn datasource_variable() -> Json {
    json!({ "label": "Data source", "name": "datasource", "query": "prometheus", "refresh": 1, "type": "datasource" })
}

fn job_variable() -> Json {
    json!({
        "allValue": ".*",
        "current": { "selected": true, "text": ["All"], "value": ["$__all"] },
        "datasource": datasource(),
        "definition": "label_values(target_info, job)",
        "includeAll": true,
        "label": "Job",
        "multi": true,
        "name": "job",
        "query": { "qryType": 1, "query": "label_values(target_info, job)", "refId": "PrometheusVariableQueryEditor" },
        "refresh": 2,
        "sort": 1,
        "type": "query",
    })
}

/// The same for the same title, and another for another: FNV-1a of it.
fn uid(title: &str) -> String {
    let hash = title.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("cryostorm-{hash:016x}")
}
