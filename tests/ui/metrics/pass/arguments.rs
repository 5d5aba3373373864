// Each type that an argument can have, and where its values come from.
#![deny(warnings)]
#![forbid(unsafe_code)]

use cryostorm::{MetricAttribute, MetricEnum};

#[derive(Clone, Copy, Debug, MetricAttribute)]
#[metric_attribute(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Model {
    Small = 7,
    ExtraLarge,
    HTTPServer2,
    #[metric_attribute(name = "the other")]
    Other,
}

#[derive(MetricAttribute)]
#[metric_attribute]
pub enum Region {
    EuWest1,
}

mod by_hand {
    pub enum Channel {
        Web,
    }

    impl cryostorm::MetricAttribute for Channel {
        fn to_value(&self) -> cryostorm::opentelemetry::Value {
            "web".into()
        }
    }

    impl cryostorm::MetricEnum for Channel {
        const VALUES: &'static [&'static str] = &["web"];

        fn index(&self) -> usize {
            match self {
                Self::Web => 0,
            }
        }
    }
}

#[cryostorm::metrics]
mod shop {
    use super::by_hand;
    use super::{Model, Region};

    #[metric]
    pub fn bare(#[attribute] first: bool) -> Counter<u64>;

    pub fn flags(first: bool, #[attribute(name = "second.flag")] second: bool) -> Counter<u64>;

    pub fn models(model: Model, region: &Region, channel: by_hand::Channel) -> Counter<u64>;

    pub fn ranges(
        #[attribute(range = 0..=9)] byte: u8,
        #[attribute(range = -3..3)] signed: i64,
        #[attribute(range = 0x10..=0x1f, name = "wide")] wide: u128,
    ) -> Counter<u64>;

    pub fn routes(route: &'static str, method: &'static str) -> Counter<u64>;

    pub fn tenants(
        #[attribute(unbounded(limit = 10))] tenant: &str,
        first: bool,
        #[attribute(unbounded(limit = 5))] region: &'static str,
        route: &'static str,
    ) -> Counter<u64>;

    #[cfg(any())]
    pub fn absent(missing: Missing) -> Counter<u64>;

    #[cfg(any())]
    #[metric(name = "one.of.two")]
    pub fn one_of_two(missing: Missing) -> Counter<u64>;

    #[cfg(not(any()))]
    #[metric(name = "one.of.two")]
    pub fn one_of_two() -> Counter<u64>;
}

fn main() {
    assert_eq!(Model::VALUES, ["SMALL", "EXTRA_LARGE", "HTTP_SERVER2", "the other"]);
    assert_eq!(Region::VALUES, ["eu_west1"]);
    assert_eq!((Model::Small.index(), Model::Other.index(), (&&Model::Other).index()), (0, 3, 3));
    assert_eq!(Model::ExtraLarge.to_value().as_str(), "EXTRA_LARGE");
    shop::flags(true, false).add(1);
    shop::models(Model::Small, &Region::EuWest1, by_hand::Channel::Web).add(1);
    shop::ranges(200, -3, 0x1f).add(1);
    shop::routes("/", "GET").add(1);
    let tenant = String::from("acme");
    shop::tenants(&tenant, true, "eu", "/").add(1);
    shop::one_of_two().add(1);
}
