trait Charge {
    fn id(&self) -> u64;
    fn charge(&self) {
        if false {
            let mut __cryostorm_frame = ::cryostorm::__private::Frame::EMPTY;
            let mut __cryostorm_call = ::cryostorm::__private::ActiveCall::enter(
                &mut __cryostorm_frame,
                const {
                    &::cryostorm::__private::CallSite::new(
                        ::cryostorm::__private::core::concat!(
                            ::cryostorm::__private::core::module_path!(),
                            "::Charge::charge"
                        ),
                        "",
                        0u32,
                        ::cryostorm::__private::core::option::Option::Some(
                            &::cryostorm::__private::SpanSite {
                                keys: &["order.id"],
                                ..::cryostorm::__private::SpanSite::NEW
                            },
                        ),
                        ::cryostorm::__private::core::option::Option::None,
                        ::cryostorm::__private::core::option::Option::None,
                    )
                },
                ::cryostorm::__private::core::option::Option::Some(
                    &mut |
                        __cryostorm_attributes: &mut ::cryostorm::__private::Attributes<
                            '_,
                        >|
                    {
                        if __cryostorm_attributes.recorded() {
                            __cryostorm_attributes.span("order.id", &(self.id()));
                        }
                    },
                ),
            );
        }
        { gateway(self) }
    }
    fn skipped(&self) {}
}
