fn serve() -> ! {
    let __cryostorm_call = ::cryostorm::__private::Call::enter(
        &::cryostorm::__private::CallSite {
            function: ::cryostorm::__private::core::concat!(
                ::cryostorm::__private::core::module_path!(), "::serve"
            ),
            file: "",
            line: 0u32,
            span: ::cryostorm::__private::core::option::Option::Some(
                &::cryostorm::__private::SpanSite::NEW,
            ),
            counter: ::cryostorm::__private::core::option::Option::None,
            histogram: ::cryostorm::__private::core::option::Option::None,
        },
        ::cryostorm::__private::core::option::Option::None,
    );
    { loop {} }
}
