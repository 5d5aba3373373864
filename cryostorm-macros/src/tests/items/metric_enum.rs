#[derive(MetricAttribute)]
#[metric_attribute(rename_all = "kebab-case", crate = facade::cryostorm)]
pub enum Model {
    ExtraLarge,
    #[metric_attribute(name = "mini")]
    Small = 7,
}
