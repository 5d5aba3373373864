// Each kind of instrument and of number, with and without options.
#![deny(warnings, missing_docs)]
#![forbid(unsafe_code)]
//! A program.

/// Metrics of the shop.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    /// The name of a metric.
    const NAME: &str = "shop.constant";
    const BOUNDS: [f64; 2] = [1.0, 2.5];

    /// Orders.
    pub fn placed() -> Counter<u64>;

    /// Cents.
    #[metric(unit = "{cent}")]
    pub fn earned() -> Counter<f64>;

    /// Open carts.
    pub(crate) fn open() -> UpDownCounter<i64>;

    /// Weight.
    #[metric(unit = "kg")]
    pub(super) fn weight() -> UpDownCounter<f64>;

    /// Levels.
    pub fn level() -> Gauge<u64>;

    /// Offsets.
    pub fn offset() -> Gauge<i64>;

    /// Ratios.
    #[metric(name = "ratio.of.shop", description = "A ratio.", unit = "1")]
    pub fn ratio() -> Gauge<f64>;

    /// Sizes.
    #[metric(buckets = [1, 2, 5])]
    #[metric(unit = "By")]
    pub fn size() -> Histogram<u64>;

    /// Durations.
    #[metric(unit = "s", buckets = BOUNDS)]
    pub fn duration() -> Histogram<f64>;

    /// A constant's name.
    #[metric(name = NAME)]
    pub fn constant() -> cryostorm::metric::Counter<u64>;

    /// A keyword.
    pub fn r#type() -> Counter<u64>;

    /// Observed.
    pub fn depth() -> ObservableGauge<u64>;

    /// Observed.
    pub fn bytes() -> ObservableCounter<u64>;

    /// Observed.
    pub fn used() -> ObservableUpDownCounter<i64>;

    /// Not a metric.
    pub struct Other(pub u8);
}

fn main() {
    shop::placed().add(1);
    shop::earned().add(0.5);
    shop::open().add(-1);
    shop::weight().add(-0.5);
    shop::level().record(1);
    shop::offset().record(-1);
    shop::ratio().record(0.5);
    shop::size().record(1);
    shop::duration().record(0.1);
    shop::constant().add(1);
    shop::r#type().add(1);
    shop::depth().observe(|| 1);
    shop::bytes().observe(|| 1).stop();
    shop::used().observe(|| -1);
    assert_eq!(shop::Other(1).0, 1);
    let kept = shop::placed();
    let copy = kept;
    std::thread::spawn(move || copy.add(1)).join().unwrap();
    kept.add(1);
    assert!(format!("{kept:?}").contains("shop.placed"));
}
