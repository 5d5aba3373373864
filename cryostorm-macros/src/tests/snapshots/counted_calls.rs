fn charge() {
    let __cryostorm_call = ::cryostorm::__private::Call::enter(
        &::cryostorm::__private::CallSite {
            function: ::cryostorm::__private::core::concat!(
                ::cryostorm::__private::core::module_path!(), "::charge"
            ),
            file: "",
            line: 0u32,
            span: ::cryostorm::__private::core::option::Option::None,
            counter: ::cryostorm::__private::core::option::Option::Some(
                &::cryostorm::__private::CounterSite {
                    on: ::cryostorm::__private::On::Err,
                    ..::cryostorm::__private::CounterSite::CALLS
                },
            ),
            histogram: ::cryostorm::__private::core::option::Option::None,
        },
        ::cryostorm::__private::core::option::Option::None,
    );
    {}
}
