impl Order {
    const FREE: u64 = 0;
    fn new(id: u64) -> Self {
        Self { id }
    }
    /// Charges it.
    pub fn charge(&self) -> Result<(), ChargeError> {
        use traced as _;
        let __cryostorm_site = {
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
                    ::cryostorm::__private::core::module_path!(), "::Order::charge"
                ),
                "",
                0u32,
                ::cryostorm::__private::core::option::Option::Some(
                    &::cryostorm::__private::SpanSite::NEW,
                ),
                ::cryostorm::__private::core::option::Option::Some(
                    &::cryostorm::__private::CounterSite::CALLS,
                ),
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
        ::cryostorm::__private::Outcome::<Result<(), ChargeError>>::NEW
            .__cryostorm_call(&mut __cryostorm_call, || { gateway(self) })
    }
    async fn ship(&self) {
        ::cryostorm::__private::CallFuture::unfailing(
                ::cryostorm::__private::Call::start(
                    {
                        #[used]
                        #[cfg_attr(
                            target_vendor = "apple",
                            unsafe(link_section = "__DATA,cryof_0_1_0")
                        )]
                        #[cfg_attr(windows, unsafe(link_section = ".cryof_0_1_0$b"))]
                        #[cfg_attr(
                            not(
                                any(
                                    target_vendor = "apple",
                                    windows,
                                    target_family = "wasm"
                                )
                            ),
                            unsafe(link_section = "cryof_0_1_0")
                        )]
                        static __CRYOSTORM_SITE: &::cryostorm::__private::CallSite = &::cryostorm::__private::CallSite::new(
                            ::cryostorm::__private::core::concat!(
                                ::cryostorm::__private::core::module_path!(),
                                "::Order::ship"
                            ),
                            "",
                            0u32,
                            ::cryostorm::__private::core::option::Option::Some(
                                &::cryostorm::__private::SpanSite {
                                    keys: &["order.id"],
                                    ..::cryostorm::__private::SpanSite::NEW
                                },
                            ),
                            ::cryostorm::__private::core::option::Option::Some(
                                &::cryostorm::__private::CounterSite::CALLS,
                            ),
                            ::cryostorm::__private::core::option::Option::None,
                        );
                        __CRYOSTORM_SITE
                    },
                    ::cryostorm::__private::core::option::Option::Some(
                        &mut |
                            __cryostorm_attributes: &mut ::cryostorm::__private::Attributes<
                                '_,
                            >|
                        {
                            if __cryostorm_attributes.recorded() {
                                __cryostorm_attributes.span("order.id", &(self.id));
                            }
                        },
                    ),
                ),
                async move {
                    if false {
                        return ::cryostorm::__private::returned::<()>();
                    }
                    {
                        post(self).await;
                    }
                },
            )
            .await
    }
}
use counted as _;
