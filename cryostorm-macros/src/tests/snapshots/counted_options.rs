fn charge(channel: Channel, orders: &[Order]) -> Result<(), ChargeError> {
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
            ::cryostorm::__private::core::option::Option::None,
            ::cryostorm::__private::core::option::Option::Some(const {
                &::cryostorm::__private::CounterSite {
                    metric: ::cryostorm::__private::Metric {
                        name: ::cryostorm::__private::metric_name(names::CHARGED),
                        description: "Charged orders.",
                        unit: "{order}",
                    },
                    on: ::cryostorm::__private::On::Ok,
                    keys: &["channel"],
                    ..::cryostorm::__private::CounterSite::CALLS
                }
            }),
            ::cryostorm::__private::core::option::Option::None,
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
                    if __cryostorm_attributes.measured() {
                        __cryostorm_attributes.by((orders.len()));
                        __cryostorm_attributes.counted("channel", &(channel));
                    }
                },
            ),
        )
    } else {
        ::cryostorm::__private::ActiveCall::off()
    };
    let __cryostorm_output = ::cryostorm::__private::once(|| -> Result<(), ChargeError> {
        gateway(orders)
    });
    {
        let __cryostorm_output = &__cryostorm_output;
        ::cryostorm::__private::Guard::finish(
            &mut __cryostorm_call,
            || ::cryostorm::__private::core::option::Option::map(
                ::cryostorm::__private::core::option::Option::or_else(
                    ::cryostorm::__private::Outcome::of(__cryostorm_output)
                        .__cryostorm_failure(__cryostorm_output),
                    || {
                        ::cryostorm::__private::Outcome::of(__cryostorm_output)
                            .__cryostorm_absence(__cryostorm_output)
                    },
                ),
                |__cryostorm_failure| __cryostorm_failure.of_type(names::REFUSED),
            ),
        );
    }
    __cryostorm_output
}
