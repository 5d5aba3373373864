fn receipts(file: &Path) -> Result<impl Iterator<Item = Receipt> + '_, io::Error> {
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
                ::cryostorm::__private::core::module_path!(), "::receipts"
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
    let mut __cryostorm_call = if ::cryostorm::__private::ActiveCall::is_wanted(
        __cryostorm_site,
    ) {
        ::cryostorm::__private::ActiveCall::enter(
            &mut __cryostorm_frame,
            __cryostorm_site,
            ::cryostorm::__private::core::option::Option::None,
        )
    } else {
        ::cryostorm::__private::ActiveCall::off()
    };
    let __cryostorm_output = ::cryostorm::__private::once(|| -> Result<_, io::Error> {
        read(file)
    });
    {
        let __cryostorm_output = &__cryostorm_output;
        ::cryostorm::__private::Guard::finish(
            &mut __cryostorm_call,
            || {
                ::cryostorm::__private::Outcome::of(__cryostorm_output)
                    .__cryostorm_failure(__cryostorm_output)
            },
        );
    }
    __cryostorm_output
}
