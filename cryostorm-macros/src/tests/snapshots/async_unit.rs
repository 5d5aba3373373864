async fn notify() {
    ::cryostorm::__private::CallFuture::unfailing(
            ::cryostorm::__private::Call::start(
                &::cryostorm::__private::CallSite {
                    function: ::cryostorm::__private::core::concat!(
                        ::cryostorm::__private::core::module_path!(), "::notify"
                    ),
                    file: "",
                    line: 0u32,
                    span: ::cryostorm::__private::core::option::Option::None,
                    counter: ::cryostorm::__private::core::option::Option::Some(
                        &::cryostorm::__private::CounterSite::CALLS,
                    ),
                    histogram: ::cryostorm::__private::core::option::Option::None,
                },
                ::cryostorm::__private::core::option::Option::None,
            ),
            async move {
                if false {
                    return ::cryostorm::__private::returned::<()>();
                }
                {
                    send().await;
                }
            },
        )
        .await
}
