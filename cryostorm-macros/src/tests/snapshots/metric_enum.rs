#[automatically_derived]
impl facade::cryostorm::__private::MetricEnum for Model {
    const VALUES: &'static [&'static facade::cryostorm::__private::core::primitive::str] = &[
        "extra-large",
        "mini",
    ];
    #[inline(always)]
    fn index(&self) -> facade::cryostorm::__private::core::primitive::usize {
        match self {
            Self::ExtraLarge => 0usize,
            Self::Small => 1usize,
        }
    }
}
#[automatically_derived]
impl facade::cryostorm::__private::MetricAttribute for Model {
    fn to_value(&self) -> facade::cryostorm::__private::Value {
        facade::cryostorm::__private::core::convert::From::from(
            match self {
                Self::ExtraLarge => "extra-large",
                Self::Small => "mini",
            },
        )
    }
}
