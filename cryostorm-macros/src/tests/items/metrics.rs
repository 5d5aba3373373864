#[metrics(prefix = "llm")]
/// Metrics of the model.
pub mod llm {
    use super::Model;

    /// Tokens sent.
    ///
    /// To the model.
    #[metric(unit = "{token}", attributes(channel = "web"))]
    #[cfg(feature = "tokens")]
    pub fn input_tokens(
        model: Model,
        streamed: bool,
        #[attribute(name = "llm.shard", range = -1..=9)]
        shard: u8,
    ) -> Counter<u64>;

    #[metric(name = "first.token", unit = "s", buckets = [0.05, 1])]
    fn first_token(route: &'static str, #[attribute(unbounded(limit = 7))] tenant: &str) -> Histogram<f64>;
}
