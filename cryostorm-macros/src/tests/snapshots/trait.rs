trait Payment {
    fn charge(&self) -> u64;
    fn refund(&self) -> u64 {
        let __cryostorm_call = ::cryostorm::__private::Call::enter(
            &::cryostorm::__private::CallSite {
                function: ::cryostorm::__private::core::concat!(
                    ::cryostorm::__private::core::module_path!(), "::Payment::refund"
                ),
                file: "",
                line: 0u32,
                span: ::cryostorm::__private::core::option::Option::None,
                counter: ::cryostorm::__private::core::option::Option::None,
                histogram: ::cryostorm::__private::core::option::Option::Some(
                    &::cryostorm::__private::HistogramSite::DURATION,
                ),
            },
            ::cryostorm::__private::core::option::Option::None,
        );
        { self.charge() }
    }
}
