fn charge(cents: u64) -> impl Future<Output = Result<Receipt, ChargeError>> {
    let __cryostorm_call = ::cryostorm::__private::Call::prepare(
        {
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
                    ::cryostorm::__private::core::module_path!(), "::charge"
                ),
                "",
                0u32,
                ::cryostorm::__private::core::option::Option::Some(
                    &::cryostorm::__private::SpanSite {
                        keys: &["cents"],
                        ..::cryostorm::__private::SpanSite::NEW
                    },
                ),
                ::cryostorm::__private::core::option::Option::None,
                ::cryostorm::__private::core::option::Option::None,
            );
            __CRYOSTORM_SITE
        },
        ::cryostorm::__private::core::option::Option::Some(
            &mut |__cryostorm_attributes: &mut ::cryostorm::__private::Attributes<'_>| {
                if __cryostorm_attributes.recorded() {
                    __cryostorm_attributes.span("cents", &(cents));
                }
            },
        ),
    );
    ::cryostorm::__private::Outcome::<Result<Receipt, ChargeError>>::NEW
        .__cryostorm_run(
            __cryostorm_call,
            async move {
                if false {
                    return ::cryostorm::__private::returned::<
                        Result<Receipt, ChargeError>,
                    >();
                }
                { gateway(cents).await }
            },
        )
}
