//! The rules in the hands of Prometheus.

use cryostorm::catalogue::{Catalogue, Objective};
use cryostorm_tests::promtool::Promtool;

use super::shop::{calls, known, shop};

/// What Prometheus is told, and what it should make of it.
struct Scenario {
    series: Vec<(String, &'static str)>,
    expected: Vec<String>,
}

impl Scenario {
    fn new() -> Self {
        Self { series: Vec::new(), expected: Vec::new() }
    }

    /// A series of `shop::charge`, with a value a minute.
    fn series(mut self, name: &str, labels: &str, values: &'static str) -> Self {
        let of_charge = r#"job="shop",code_function_name="shop::charge",channel="web""#;
        self.series.push((format!("{name}{{{of_charge}{labels}}}"), values));
        self
    }

    fn expression(mut self, expression: &str, labels: &str, value: f64) -> Self {
        self.expected.push(format!(
            "promql_expr_test: [{{ expr: '{expression}', eval_time: 8h, exp_samples: [{{ labels: '{labels}', value: {value} }}] }}]"
        ));
        self
    }

    /// That an alert fires after a time for what is said of it: metric, objective, share of failures.
    fn fires(mut self, alert: &str, time: &str, [metric, objective, share]: [&str; 3]) -> Self {
        let (severity, window, factor) =
            if alert.ends_with("Fast") { ("page", "1h", "14.4") } else { ("ticket", "6h", "6") };
        self.expected.push(format!(
            "alert_rule_test: [{{ eval_time: {time}, alertname: {alert}, exp_alerts: [{{ \
             exp_labels: {{ severity: {severity}, job: shop, metric: {metric}, function: 'shop::charge', objective: {objective} }}, \
             exp_annotations: {{ \
             summary: 'shop::charge misses its objective: {objective}', \
             description: '{share} of its calls in {window} missed it, {factor} times what the objective allows or more.' }} }}] }}]"
        ));
        self
    }

    fn stays_silent(mut self, alert: &str, time: &str) -> Self {
        self.expected
            .push(format!("alert_rule_test: [{{ eval_time: {time}, alertname: {alert}, exp_alerts: [] }}]"));
        self
    }

    /// As many tests as there are expectations, because `promtool` takes one list of each kind a test.
    fn holds(self, suite: &str) {
        let Some(promtool) = Promtool::find_or_skip(suite) else { return };
        let series: Vec<_> = self
            .series
            .iter()
            .map(|(series, values)| format!("{{ series: '{series}', values: '{values}' }}"))
            .collect();
        let series = series.join(", ");
        let tests: String = self
            .expected
            .iter()
            .map(|expected| format!("  - interval: 1m\n    input_series: [{series}]\n    {expected}\n"))
            .collect();
        let test = format!("rule_files: [rules.yaml]\nevaluation_interval: 1m\ntests:\n{tests}");
        promtool.test_rules(&shop().to_prometheus_rules("shop").unwrap().to_string(), &test);
    }
}

const FAST: &str = "ErrorBudgetBurnsFast";
const SLOW: &str = "ErrorBudgetBurnsSlowly";
const CALLS: &str = "function_calls_total";
const FAILED: &str = r#",error_type="panic""#;
const SUCCESS: [&str; 2] = ["function.calls", "99.9% succeed"];
const LATENCY: [&str; 2] = ["function.duration", "99% within 0.25 s"];

#[test]
fn nothing_is_found_wrong_with_the_rules() {
    let Some(promtool) = Promtool::find_or_skip("rules") else { return };
    promtool.check_rules(&shop().to_prometheus_rules("shop").unwrap().to_string());
    let odd = "<S as \"Shop\">::charge \\ {{ x }} \n\u{7f}☃";
    let metric = calls(odd, 1)
        .with_attributes([known("2nd/key", [odd])])
        .with_objective(Objective::Success { target: 0.5 });
    promtool.check_rules(&Catalogue::new([], [metric]).to_prometheus_rules(odd).unwrap().to_string());
}

#[test]
fn nothing_is_found_wrong_with_the_rules_of_the_quickstart() {
    let Some(promtool) = Promtool::find_or_skip("rules of the quickstart") else { return };
    promtool.check_rules(include_str!("../../../examples/quickstart/catalogue/rules.yaml"));
}

#[test]
fn the_queries_of_the_dashboard_are_queries() {
    let Some(promtool) = Promtool::find_or_skip("dashboard") else { return };
    let dashboard: serde_json::Value = serde_json::from_str(&shop().to_grafana_dashboard("Shop")).unwrap();
    let targets =
        dashboard["panels"].as_array().unwrap().iter().flat_map(|panel| panel["targets"].as_array().unwrap());
    let rules: Vec<_> = targets
        .enumerate()
        .map(|(index, target)| {
            let query = target["expr"].as_str().unwrap().replace("$__rate_interval", "5m");
            serde_json::json!({ "record": format!("query:{index}"), "expr": query })
        })
        .collect();
    assert_eq!(rules.len(), 15);
    promtool
        .check_rules(&serde_json::json!({ "groups": [{ "name": "dashboard", "rules": rules }] }).to_string());
}

#[test]
fn rate_and_share_of_failures_are_recorded() {
    let by = r#"channel="web",code_function_name="shop::charge",job="shop""#;
    Scenario::new()
        .series(CALLS, "", "0+54x480")
        .series(CALLS, FAILED, "0+6x480")
        .expression(
            r#"attributes:function_calls:rate5m{error_type="panic"}"#,
            &format!("attributes:function_calls:rate5m{{{by},error_type=\"panic\"}}"),
            0.1,
        )
        .expression(
            "attributes:function_calls:error_ratio_rate5m",
            &format!("attributes:function_calls:error_ratio_rate5m{{{by}}}"),
            0.1,
        )
        .holds("recording rules");
}

#[test]
fn quantiles_are_recorded_and_no_failure_is_a_share_of_zero() {
    let by = r#"channel="web",code_function_name="shop::charge",job="shop""#;
    let bucket = "function_duration_seconds_bucket";
    Scenario::new()
        .series("function_duration_seconds_count", "", "0+60x480")
        .series(bucket, r#",le="0.1""#, "0+30x480")
        .series(bucket, r#",le="0.25""#, "0+60x480")
        .series(bucket, r#",le="+Inf""#, "0+60x480")
        .expression(
            r#"attributes:function_duration_seconds:quantile_rate5m{quantile="0.5"}"#,
            &format!("attributes:function_duration_seconds:quantile_rate5m{{{by},quantile=\"0.5\"}}"),
            0.1,
        )
        .expression(
            "attributes:function_duration_seconds:error_ratio_rate5m",
            &format!("attributes:function_duration_seconds:error_ratio_rate5m{{{by}}}"),
            0.0,
        )
        .stays_silent(FAST, "8h")
        .stays_silent(SLOW, "8h")
        .holds("quantiles");
}

#[test]
fn many_failures_burn_fast_and_the_alert_ends_soon_after_them() {
    let [metric, objective] = SUCCESS;
    Scenario::new()
        .series(CALLS, "", "0+54x480 _x0 25974+60x60")
        .series(CALLS, FAILED, "0+6x480 2880x60")
        .stays_silent(FAST, "0m")
        .fires(FAST, "8h", [metric, objective, "10%"])
        .fires(SLOW, "8h", [metric, objective, "10%"])
        .stays_silent(FAST, "8h10m")
        .stays_silent(SLOW, "8h40m")
        .holds("a fast burn");
}

#[test]
fn some_failures_burn_slowly() {
    let [metric, objective] = SUCCESS;
    Scenario::new()
        .series(CALLS, "", "0+99x480")
        .series(CALLS, FAILED, "0+1x480")
        .stays_silent(FAST, "8h")
        .fires(SLOW, "8h", [metric, objective, "1%"])
        .holds("a slow burn");
}

#[test]
fn few_failures_are_in_the_budget() {
    Scenario::new()
        .series(CALLS, "", "0+995x480")
        .series(CALLS, FAILED, "0+5x480")
        .stays_silent(FAST, "8h")
        .stays_silent(SLOW, "8h")
        .holds("a budget that lasts");
}

#[test]
fn failures_of_another_function_are_none_of_this_one() {
    let mut other =
        Scenario::new().series(CALLS, "", "0+60x480").stays_silent(FAST, "8h").stays_silent(SLOW, "8h");
    let failing = r#"{job="shop",code_function_name="shop::refund",channel="web",error_type="panic"}"#;
    other.series.push((format!("{CALLS}{failing}"), "0+60x480"));
    other.holds("another function");
}

#[test]
fn slow_calls_burn_the_budget_of_a_latency() {
    let [metric, objective] = LATENCY;
    let slow = |within: &'static str| {
        Scenario::new().series("function_duration_seconds_count", "", "0+100x480").series(
            "function_duration_seconds_bucket",
            r#",le="0.25""#,
            within,
        )
    };
    slow("0+80x480")
        .fires(FAST, "8h", [metric, objective, "20%"])
        .fires(SLOW, "8h", [metric, objective, "20%"])
        .holds("slow calls");
    slow("0+90x480")
        .stays_silent(FAST, "8h")
        .fires(SLOW, "8h", [metric, objective, "10%"])
        .holds("somewhat slow calls");
    slow("0+95x480").stays_silent(FAST, "8h").stays_silent(SLOW, "8h").holds("calls that are fast enough");
}
