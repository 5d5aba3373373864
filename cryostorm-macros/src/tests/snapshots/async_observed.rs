async fn charge(cents: u64) -> Result<Receipt, ChargeError> {
    let mut __cryostorm_call = ::cryostorm::__private::Call::start(
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
                        keys: &["receipt.id", "error"],
                        ..::cryostorm::__private::SpanSite::NEW
                    },
                ),
                ::cryostorm::__private::core::option::Option::None,
                ::cryostorm::__private::core::option::Option::None,
            );
            __CRYOSTORM_SITE
        },
        ::cryostorm::__private::core::option::Option::None,
    );
    let __cryostorm_output = ::cryostorm::__private::Call::drive::<
        Result<Receipt, ChargeError>,
        _,
    >(
            &mut __cryostorm_call,
            async move {
                if false {
                    return ::cryostorm::__private::returned::<
                        Result<Receipt, ChargeError>,
                    >();
                }
                { gateway(cents).await }
            },
        )
        .await;
    let mut __cryostorm_frame = ::cryostorm::__private::Frame::EMPTY;
    let mut __cryostorm_call = ::cryostorm::__private::Call::settle(
        __cryostorm_call,
        &mut __cryostorm_frame,
    );
    {
        let __cryostorm_output = &__cryostorm_output;
        __cryostorm_call
            .__cryostorm_observe(
                &mut |
                    __cryostorm_attributes: &mut ::cryostorm::__private::Attributes<'_>|
                {
                    if let ::cryostorm::__private::core::option::Option::Some(
                        __cryostorm_value,
                    ) = ::cryostorm::__private::Outcome::of(__cryostorm_output)
                        .__cryostorm_ok(__cryostorm_output)
                    {
                        {
                            let receipt = __cryostorm_value;
                            __cryostorm_attributes.span("receipt.id", &(receipt.id));
                        }
                    }
                    if let ::cryostorm::__private::core::option::Option::Some(
                        __cryostorm_value,
                    ) = ::cryostorm::__private::Outcome::of(__cryostorm_output)
                        .__cryostorm_err(__cryostorm_output)
                    {
                        {
                            let error = __cryostorm_value;
                            __cryostorm_attributes
                                .span("error", &::cryostorm::__private::Debugged(&(error)));
                        }
                    }
                },
            );
        ::cryostorm::__private::Guard::finish(
            &mut __cryostorm_call,
            || ::cryostorm::__private::core::option::Option::map(
                ::cryostorm::__private::core::option::Option::zip(
                    ::cryostorm::__private::Outcome::of(__cryostorm_output)
                        .__cryostorm_failure(__cryostorm_output),
                    ::cryostorm::__private::Outcome::of(__cryostorm_output)
                        .__cryostorm_err(__cryostorm_output),
                ),
                |(__cryostorm_failure, __cryostorm_value)| {
                    __cryostorm_failure
                        .of_type(
                            ::cryostorm::__private::error_type(
                                __cryostorm_value,
                                ChargeError::kind,
                            ),
                        )
                },
            ),
        );
    }
    __cryostorm_output
}
