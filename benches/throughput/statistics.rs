//! Medians and quartiles.

pub struct Spread {
    pub low: f64,
    pub median: f64,
    pub high: f64,
}

/// The median and the quartiles of what was measured, which is not nothing.
pub fn spread(values: impl IntoIterator<Item = f64>) -> Spread {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let at = |part: usize| values[(values.len() - 1) * part / 4];
    Spread { low: at(1), median: at(2), high: at(3) }
}
