fn charge(enabled: bool) {
    use counted as _;
    use timed as _;
    let __cryostorm_site = {
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,cryof_0_1_0"))]
        #[cfg_attr(windows, unsafe(link_section = ".cryof_0_1_0$b"))]
        #[cfg_attr(
            not(any(target_vendor = "apple", windows, target_family = "wasm")),
            unsafe(link_section = "cryof_0_1_0")
        )]
        static __CRYOSTORM_SITE: &::cryostorm::__private::CallSite = &::cryostorm::__private::CallSite::new(
            ::cryostorm::__private::core::concat!(
                ::cryostorm::__private::core::module_path!(), "::charge"
            ),
            "",
            0u32,
            ::cryostorm::__private::core::option::Option::Some(
                &::cryostorm::__private::SpanSite {
                    attributes: &[
                        ::cryostorm::__private::StaticAttribute {
                            key: "channel",
                            value: ::cryostorm::__private::StaticValue::Str("web"),
                        },
                        ::cryostorm::__private::StaticAttribute {
                            key: "retry",
                            value: ::cryostorm::__private::StaticValue::Bool(true),
                        },
                        ::cryostorm::__private::StaticAttribute {
                            key: "shard",
                            value: ::cryostorm::__private::StaticValue::I64(-3),
                        },
                        ::cryostorm::__private::StaticAttribute {
                            key: "share",
                            value: ::cryostorm::__private::StaticValue::F64(0.5),
                        },
                    ],
                    ..::cryostorm::__private::SpanSite::NEW
                },
            ),
            ::cryostorm::__private::core::option::Option::Some(
                &::cryostorm::__private::CounterSite {
                    attributes: &[
                        ::cryostorm::__private::StaticAttribute {
                            key: "shard",
                            value: ::cryostorm::__private::StaticValue::I64(0xFF),
                        },
                    ],
                    keys: &["initial", "id"],
                    ..::cryostorm::__private::CounterSite::CALLS
                },
            ),
            ::cryostorm::__private::core::option::Option::Some(
                &::cryostorm::__private::HistogramSite {
                    in_flight: ::cryostorm::__private::core::option::Option::Some(
                        ::cryostorm::__private::HistogramSite::IN_FLIGHT,
                    ),
                    attributes: &[
                        ::cryostorm::__private::StaticAttribute {
                            key: "first",
                            value: ::cryostorm::__private::StaticValue::Bool(false),
                        },
                    ],
                    ..::cryostorm::__private::HistogramSite::DURATION
                },
            ),
        );
        __CRYOSTORM_SITE
    };
    let mut __cryostorm_frame = ::cryostorm::__private::Frame::EMPTY;
    let __cryostorm_call;
    if ::cryostorm::__private::ActiveCall::is_wanted(__cryostorm_site) {
        __cryostorm_call = ::cryostorm::__private::ActiveCall::enter(
            &mut __cryostorm_frame,
            __cryostorm_site,
            ::cryostorm::__private::core::option::Option::Some(
                &mut |
                    __cryostorm_attributes: &mut ::cryostorm::__private::Attributes<'_>|
                {
                    __cryostorm_attributes.spanned((enabled));
                    if __cryostorm_attributes.measured() {
                        __cryostorm_attributes
                            .counted("initial", &::cryostorm::__private::Literal(('a')));
                        __cryostorm_attributes
                            .counted("id", &::cryostorm::__private::Literal((7u8)));
                    }
                },
            ),
        );
    }
    {}
}
