fn charge(order_id: u64) {
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
                &::cryostorm::__private::SpanSite::NEW,
            ),
            ::cryostorm::__private::core::option::Option::None,
            ::cryostorm::__private::core::option::Option::None,
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
                    if __cryostorm_attributes.spanned((order_id > 0)) {
                        __cryostorm_attributes.under(&(&context));
                    }
                },
            ),
        );
    }
    {}
}
