trait Charge {
    fn id(&self) -> u64;
    fn charge(&self) {
        if false {
            let mut __cryostorm_call = ::cryostorm::__private::Call::enter(
                &::cryostorm::__private::CallSite {
                    function: ::cryostorm::__private::core::concat!(
                        ::cryostorm::__private::core::module_path!(), "::Charge::charge"
                    ),
                    file: "",
                    line: 0u32,
                    span: ::cryostorm::__private::core::option::Option::Some(
                        &::cryostorm::__private::SpanSite {
                            keys: &["order.id"],
                            ..::cryostorm::__private::SpanSite::NEW
                        },
                    ),
                    counter: ::cryostorm::__private::core::option::Option::None,
                    histogram: ::cryostorm::__private::core::option::Option::None,
                },
                ::cryostorm::__private::core::option::Option::Some(
                    &mut |
                        __cryostorm_attributes: &mut ::cryostorm::__private::Attributes|
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
