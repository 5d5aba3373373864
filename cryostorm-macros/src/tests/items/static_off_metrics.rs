#[metrics]
mod llm {
    pub fn waiting() -> ObservableGauge<u64>;
}
