fn charge(offset: u64) -> BoxFuture<'_, Result<Receipt, ChargeError>> {
    if false {
        let mut __cryostorm_frame = ::cryostorm::__private::Frame::EMPTY;
        let mut __cryostorm_call = ::cryostorm::__private::ActiveCall::enter(
            &mut __cryostorm_frame,
            const {
                &::cryostorm::__private::CallSite::new(
                    ::cryostorm::__private::core::concat!(
                        ::cryostorm::__private::core::module_path!(), "::charge"
                    ),
                    "",
                    0u32,
                    ::cryostorm::__private::core::option::Option::Some(
                        &::cryostorm::__private::SpanSite {
                            keys: &["receipt.id"],
                            ..::cryostorm::__private::SpanSite::NEW
                        },
                    ),
                    ::cryostorm::__private::core::option::Option::None,
                    ::cryostorm::__private::core::option::Option::None,
                )
            },
            ::cryostorm::__private::core::option::Option::None,
        );
        let __cryostorm_output = ::cryostorm::__private::returned::<
            <BoxFuture<
                '_,
                Result<Receipt, ChargeError>,
            > as ::cryostorm::__private::core::future::Future>::Output,
        >();
        {
            let __cryostorm_output = &__cryostorm_output;
            __cryostorm_call
                .__cryostorm_observe(
                    &mut |
                        __cryostorm_attributes: &mut ::cryostorm::__private::Attributes<
                            '_,
                        >|
                    {
                        if let ::cryostorm::__private::core::option::Option::Some(
                            __cryostorm_value,
                        ) = ::cryostorm::__private::Outcome::of(__cryostorm_output)
                            .__cryostorm_ok(__cryostorm_output)
                        {
                            {
                                let receipt = __cryostorm_value;
                                __cryostorm_attributes
                                    .span("receipt.id", &(receipt.id + offset));
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
    }
    { gateway() }
}
