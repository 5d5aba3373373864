fn charge(
    &self,
    cents: u64,
) -> Pin<Box<dyn Future<Output = Result<Receipt, ChargeError>> + Send + '_>> {
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
                    &::cryostorm::__private::SpanSite::NEW,
                ),
                ::cryostorm::__private::core::option::Option::None,
                ::cryostorm::__private::core::option::Option::None,
            );
            __CRYOSTORM_SITE
        },
        ::cryostorm::__private::core::option::Option::None,
    );
    Box::pin(
        ::cryostorm::__private::CallFuture::new(
            __cryostorm_call,
            async move {
                if false {
                    return ::cryostorm::__private::returned::<
                        <Pin<
                            Box<
                                dyn Future<
                                    Output = Result<Receipt, ChargeError>,
                                > + Send + '_,
                            >,
                        > as ::cryostorm::__private::core::future::Future>::Output,
                    >();
                }
                { self.gateway(cents).await }
            },
            |
                __cryostorm_output: &<Pin<
                    Box<dyn Future<Output = Result<Receipt, ChargeError>> + Send + '_>,
                > as ::cryostorm::__private::core::future::Future>::Output|
            {
                ::cryostorm::__private::Outcome::of(__cryostorm_output)
                    .__cryostorm_failure(__cryostorm_output)
            },
        ),
    )
}
