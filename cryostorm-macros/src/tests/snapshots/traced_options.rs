fn charge(order_id: u64) {
    let __cryostorm_site = {
        #[used]
        #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,cryof_0_1_0"))]
        #[cfg_attr(windows, unsafe(link_section = ".cryof_0_1_0$b"))]
        #[cfg_attr(
            not(any(target_vendor = "apple", windows, target_family = "wasm")),
            unsafe(link_section = "cryof_0_1_0")
        )]
        static __CRYOSTORM_SITE: &telemetry::__private::CallSite = &telemetry::__private::CallSite::new(
            telemetry::__private::core::concat!(
                telemetry::__private::core::module_path!(), "::charge"
            ),
            "",
            0u32,
            telemetry::__private::core::option::Option::Some(const {
                &telemetry::__private::SpanSite {
                    kind: telemetry::__private::SpanKind::Producer,
                    tracer: telemetry::__private::core::option::Option::Some(SCOPE),
                    record_error: telemetry::__private::RecordError::Both,
                    keys: &["order.id", "total", "user agent"],
                    ..telemetry::__private::SpanSite::NEW
                }
            }),
            telemetry::__private::core::option::Option::None,
            telemetry::__private::core::option::Option::None,
        );
        __CRYOSTORM_SITE
    };
    let mut __cryostorm_frame = telemetry::__private::Frame::EMPTY;
    let __cryostorm_call;
    if telemetry::__private::ActiveCall::is_wanted(__cryostorm_site) {
        __cryostorm_call = telemetry::__private::ActiveCall::enter(
            &mut __cryostorm_frame,
            __cryostorm_site,
            telemetry::__private::core::option::Option::Some(
                &mut |__cryostorm_attributes: &mut telemetry::__private::Attributes<'_>| {
                    if __cryostorm_attributes.spanned((order_id > 0))
                        && __cryostorm_attributes.under(&(&context))
                        && __cryostorm_attributes.recorded()
                    {
                        __cryostorm_attributes
                            .name(telemetry::__private::format!("charge {order_id}"));
                        __cryostorm_attributes.links(([parent]));
                        __cryostorm_attributes.span("order.id", &(order_id));
                        __cryostorm_attributes
                            .span("total", &telemetry::__private::Shown(&(total)));
                        __cryostorm_attributes
                            .span(
                                "user agent",
                                &telemetry::__private::Debugged(&(agent)),
                            );
                    }
                },
            ),
        );
    }
    {}
}
