async fn charge(id: u64, total: f64, orders: &[Order]) -> Result<Receipt, ChargeError> {
    use counted as _;
    if false {
        let mut __cryostorm_frame = ::cryostorm::__private::Frame::EMPTY;
        let mut __cryostorm_call = ::cryostorm::__private::ActiveCall::enter(
            &mut __cryostorm_frame,
            {
                const __CRYOSTORM_SITE: &::cryostorm::__private::CallSite = &::cryostorm::__private::CallSite::new(
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
                            ],
                            keys: &["total"],
                            ..::cryostorm::__private::SpanSite::NEW
                        },
                    ),
                    ::cryostorm::__private::core::option::Option::Some(const {
                        &::cryostorm::__private::CounterSite {
                            metric: ::cryostorm::__private::Metric {
                                name: ::cryostorm::__private::metric_name(names::CHARGED),
                                ..::cryostorm::__private::CounterSite::CALLS.metric
                            },
                            ..::cryostorm::__private::CounterSite::CALLS
                        }
                    }),
                    ::cryostorm::__private::core::option::Option::None,
                );
                __CRYOSTORM_SITE
            },
            ::cryostorm::__private::core::option::Option::Some(
                &mut |
                    __cryostorm_attributes: &mut ::cryostorm::__private::Attributes<'_>|
                {
                    if __cryostorm_attributes.spanned((id > 0))
                        && __cryostorm_attributes.recorded()
                    {
                        __cryostorm_attributes
                            .name(::cryostorm::__private::format!("charge {id}"));
                        __cryostorm_attributes
                            .span("total", &::cryostorm::__private::Shown(&(total)));
                    }
                    if __cryostorm_attributes.measured() {
                        __cryostorm_attributes.by((orders.len()));
                    }
                },
            ),
        );
    }
    { gateway(id).await }
}
