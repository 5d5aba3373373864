//! Medians and quartiles over rounds, for the benchmarks that have them.

use serde::Serialize;

#[derive(Clone, Copy, Serialize)]
pub struct Spread {
    pub lower_quartile: f64,
    pub median: f64,
    pub upper_quartile: f64,
}

impl Spread {
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let at = |quarters: usize| {
            values.get((values.len().saturating_sub(1) * quarters).div_ceil(4)).copied().unwrap_or(f64::NAN)
        };
        Self { lower_quartile: at(1), median: at(2), upper_quartile: at(3) }
    }
}
