mod llm {
    #[inline]
    pub fn waiting() -> ::cryostorm::__private::ObservableGauge<u64> {
        static __CRYOSTORM_METRIC: ::cryostorm::__private::DeclaredMetric = ::cryostorm::__private::DeclaredMetric::new(::cryostorm::__private::Declaration {
            metric: ::cryostorm::__private::Metric {
                name: "waiting",
                unit: "",
                description: "",
            },
            kind: ::cryostorm::__private::InstrumentKind::ObservableGauge,
            number: ::cryostorm::__private::Number::U64,
            attributes: &[],
            literals: &[],
            buckets: ::cryostorm::__private::core::option::Option::None,
            source: ::cryostorm::__private::MetricSource {
                function: ::cryostorm::__private::core::concat!(
                    ::cryostorm::__private::core::module_path!(), "::waiting"
                ),
                file: "",
                line: 0u32,
            },
        });
        ::cryostorm::__private::ObservableGauge::of(
            &__CRYOSTORM_METRIC,
            ::cryostorm::__private::Bounded::new(::cryostorm::__private::Index::START),
        )
    }
}
