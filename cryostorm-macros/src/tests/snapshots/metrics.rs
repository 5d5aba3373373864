/// Metrics of the model.
pub mod llm {
    use super::Model;
    /// Tokens sent.
    ///
    /// To the model.
    #[cfg(feature = "tokens")]
    #[inline]
    pub fn input_tokens(
        model: Model,
        streamed: bool,
        shard: u8,
    ) -> ::cryostorm::__private::Counter<u64> {
        static __CRYOSTORM_METRIC: ::cryostorm::__private::DeclaredMetric = ::cryostorm::__private::DeclaredMetric::new(::cryostorm::__private::Declaration {
            metric: ::cryostorm::__private::Metric {
                name: "llm.input_tokens",
                unit: "{token}",
                description: "Tokens sent.",
            },
            kind: ::cryostorm::__private::InstrumentKind::Counter,
            number: ::cryostorm::__private::Number::U64,
            attributes: &[
                ::cryostorm::__private::DeclaredAttribute {
                    key: "model",
                    values: ::cryostorm::__private::DeclaredValues::Known(
                        <Model as ::cryostorm::__private::MetricEnum>::VALUES,
                    ),
                },
                ::cryostorm::__private::DeclaredAttribute {
                    key: "streamed",
                    values: ::cryostorm::__private::DeclaredValues::Boolean,
                },
                ::cryostorm::__private::DeclaredAttribute {
                    key: "llm.shard",
                    values: ::cryostorm::__private::DeclaredValues::Range {
                        first: -1i64,
                        last: 9i64,
                    },
                },
            ],
            literals: &[
                ::cryostorm::__private::StaticAttribute {
                    key: "channel",
                    value: ::cryostorm::__private::StaticValue::Str("web"),
                },
            ],
            buckets: ::cryostorm::__private::core::option::Option::None,
            source: ::cryostorm::__private::MetricSource {
                function: ::cryostorm::__private::core::concat!(
                    ::cryostorm::__private::core::module_path!(), "::input_tokens"
                ),
                file: "",
                line: 0u32,
            },
        });
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,cryom_0_1_0"))]
        #[cfg_attr(windows, unsafe(link_section = ".cryom_0_1_0$b"))]
        #[cfg_attr(
            not(any(target_vendor = "apple", windows, target_family = "wasm")),
            unsafe(link_section = "cryom_0_1_0")
        )]
        static __CRYOSTORM_ENTRY: &::cryostorm::__private::DeclaredMetric = &__CRYOSTORM_METRIC;
        ::cryostorm::__private::Counter::of(
            &__CRYOSTORM_METRIC,
            ::cryostorm::__private::Bounded::new(
                ::cryostorm::__private::Index::START
                    .then(
                        <Model as ::cryostorm::__private::MetricEnum>::index(&model),
                        <Model as ::cryostorm::__private::MetricEnum>::VALUES.len(),
                    )
                    .then(streamed as ::cryostorm::__private::core::primitive::usize, 2)
                    .then_integer(shard, -1i64, 9i64),
            ),
        )
    }
    #[inline]
    fn first_token<'text>(
        route: &'static str,
        tenant: &'text ::cryostorm::__private::core::primitive::str,
    ) -> ::cryostorm::__private::Histogram<
        f64,
        ::cryostorm::__private::Texts<'text, 2>,
    > {
        static __CRYOSTORM_METRIC: ::cryostorm::__private::DeclaredMetric = ::cryostorm::__private::DeclaredMetric::new(::cryostorm::__private::Declaration {
            metric: ::cryostorm::__private::Metric {
                name: "first.token",
                unit: "s",
                description: "",
            },
            kind: ::cryostorm::__private::InstrumentKind::Histogram,
            number: ::cryostorm::__private::Number::F64,
            attributes: &[
                ::cryostorm::__private::DeclaredAttribute {
                    key: "route",
                    values: ::cryostorm::__private::DeclaredValues::Text,
                },
                ::cryostorm::__private::DeclaredAttribute {
                    key: "tenant",
                    values: ::cryostorm::__private::DeclaredValues::Unbounded {
                        limit: 7usize,
                    },
                },
            ],
            literals: &[],
            buckets: ::cryostorm::__private::core::option::Option::Some(&[0.05, 1.0]),
            source: ::cryostorm::__private::MetricSource {
                function: ::cryostorm::__private::core::concat!(
                    ::cryostorm::__private::core::module_path!(), "::first_token"
                ),
                file: "",
                line: 0u32,
            },
        });
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,cryom_0_1_0"))]
        #[cfg_attr(windows, unsafe(link_section = ".cryom_0_1_0$b"))]
        #[cfg_attr(
            not(any(target_vendor = "apple", windows, target_family = "wasm")),
            unsafe(link_section = "cryom_0_1_0")
        )]
        static __CRYOSTORM_ENTRY: &::cryostorm::__private::DeclaredMetric = &__CRYOSTORM_METRIC;
        ::cryostorm::__private::Histogram::of(
            &__CRYOSTORM_METRIC,
            ::cryostorm::__private::Texts::new(
                ::cryostorm::__private::Index::START.then_text().then_text(),
                [route, tenant],
            ),
        )
    }
}
