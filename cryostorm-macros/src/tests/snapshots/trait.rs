trait Payment {
    fn charge(&self) -> u64;
    fn refund(&self) -> u64 {
        let __cryostorm_call = ::cryostorm::__private::MeasuredCall::enter({
            #[used]
            #[cfg_attr(
                target_vendor = "apple",
                unsafe(link_section = "__DATA,cryof_0_1_0")
            )]
            #[cfg_attr(windows, unsafe(link_section = ".cryof_0_1_0$b"))]
            #[cfg_attr(
                not(any(target_vendor = "apple", windows, target_family = "wasm")),
                unsafe(link_section = "cryof_0_1_0")
            )]
            static __CRYOSTORM_SITE: &::cryostorm::__private::CallSite = &::cryostorm::__private::CallSite::new(
                ::cryostorm::__private::core::concat!(
                    ::cryostorm::__private::core::module_path!(), "::Payment::refund"
                ),
                "",
                0u32,
                ::cryostorm::__private::core::option::Option::None,
                ::cryostorm::__private::core::option::Option::None,
                ::cryostorm::__private::core::option::Option::Some(
                    &::cryostorm::__private::HistogramSite::DURATION,
                ),
            );
            __CRYOSTORM_SITE
        });
        { self.charge() }
    }
}
