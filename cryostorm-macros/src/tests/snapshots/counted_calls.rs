fn charge() {
    let __cryostorm_call = ::cryostorm::__private::MeasuredCall::enter({
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
            ::cryostorm::__private::core::option::Option::Some(
                &::cryostorm::__private::CounterSite {
                    on: ::cryostorm::__private::On::Err,
                    ..::cryostorm::__private::CounterSite::CALLS
                },
            ),
            ::cryostorm::__private::core::option::Option::None,
        );
        __CRYOSTORM_SITE
    });
    {}
}
