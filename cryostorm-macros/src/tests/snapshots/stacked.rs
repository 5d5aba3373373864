/// Charges an order.
#[inline]
#[must_use]
pub(crate) fn charge<T: Display>(
    &mut self,
    total: T,
) -> Result<&mut Receipt, ChargeError>
where
    T: Clone,
{
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
                    kind: ::cryostorm::__private::SpanKind::Client,
                    keys: &["order.id", "total"],
                    ..::cryostorm::__private::SpanSite::NEW
                },
            ),
            ::cryostorm::__private::core::option::Option::Some(
                &::cryostorm::__private::CounterSite {
                    metric: ::cryostorm::__private::Metric {
                        name: "orders.charged",
                        ..::cryostorm::__private::CounterSite::CALLS.metric
                    },
                    summary: "Charges an order.",
                    attributes: &[
                        ::cryostorm::__private::StaticAttribute {
                            key: "channel",
                            value: ::cryostorm::__private::StaticValue::Str("web"),
                        },
                    ],
                    keys: &["region"],
                    ..::cryostorm::__private::CounterSite::CALLS
                },
            ),
            ::cryostorm::__private::core::option::Option::Some(
                &::cryostorm::__private::HistogramSite {
                    keys: &["region"],
                    ..::cryostorm::__private::HistogramSite::DURATION
                },
            ),
        );
        __CRYOSTORM_SITE
    };
    let mut __cryostorm_frame = ::cryostorm::__private::Frame::EMPTY;
    let mut __cryostorm_call = if ::cryostorm::__private::ActiveCall::is_wanted(
        __cryostorm_site,
    ) {
        ::cryostorm::__private::ActiveCall::enter(
            &mut __cryostorm_frame,
            __cryostorm_site,
            ::cryostorm::__private::core::option::Option::Some(
                &mut |
                    __cryostorm_attributes: &mut ::cryostorm::__private::Attributes<'_>|
                {
                    if __cryostorm_attributes.recorded() {
                        __cryostorm_attributes.span("order.id", &(self.id));
                        __cryostorm_attributes
                            .span("total", &::cryostorm::__private::Shown(&(total)));
                    }
                    if __cryostorm_attributes.measured() {
                        __cryostorm_attributes.counted("region", &(self.region()));
                        __cryostorm_attributes.timed("region", &(self.region()));
                    }
                },
            ),
        )
    } else {
        ::cryostorm::__private::ActiveCall::off()
    };
    ::cryostorm::__private::Outcome::<Result<&mut Receipt, ChargeError>>::NEW
        .__cryostorm_call(&mut __cryostorm_call, || { self.gateway(total) })
}
