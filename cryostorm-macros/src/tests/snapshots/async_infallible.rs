async fn double(number: u64) -> u64 {
    ::cryostorm::__private::CallFuture::unfailing(
            ::cryostorm::__private::Call::start(
                &::cryostorm::__private::CallSite {
                    function: ::cryostorm::__private::core::concat!(
                        ::cryostorm::__private::core::module_path!(), "::double"
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
            ),
            async move {
                if false {
                    return ::cryostorm::__private::returned::<u64>();
                }
                { number * 2 }
            },
        )
        .await
}
