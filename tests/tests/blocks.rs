//! What the methods of annotated blocks leave behind: their names, parents and counts, and nothing where it is skipped.

use async_trait::async_trait;
use cryostorm::opentelemetry::trace::{SpanKind, Status};
use cryostorm::{counted, timed, traced};
use cryostorm_tests::trace::{attribute, error_type, give_way, spans_of, total};
use futures::executor::block_on;
use std::fmt;

struct Order<T> {
    id: T,
}

#[traced(kind = Client, attributes(shop = "north"))]
#[counted(attributes(shop = "north"))]
impl<T: Copy> Order<T> {
    const FREE: u32 = 0;

    fn place(&self) -> T {
        self.check();
        self.silent();
        self.id()
    }

    fn check(&self) {}

    #[cryostorm(skip)]
    fn silent(&self) {
        self.check();
    }

    #[cryostorm(skip)]
    #[counted]
    fn id(&self) -> T {
        self.id
    }

    #[traced(name = "charging", attributes(total = total))]
    #[timed]
    async fn charge(&self, total: u32) -> Result<u32, String> {
        give_way().await;
        match total {
            Self::FREE => Err("nothing to charge".to_owned()),
            total => Ok(total),
        }
    }
}

#[test]
fn each_method_goes_by_its_type_and_its_calls_are_nested() {
    let trace = spans_of(|| assert_eq!(Order { id: 7 }.place(), 7));
    let place = trace.named("place");
    assert_eq!(place.name, "blocks::Order::place");
    assert_eq!(place.parent_span_id, trace.root);
    assert_eq!(place.span_kind, SpanKind::Client);
    assert_eq!(attribute(place, "shop"), Some("north".into()));
    assert_eq!(attribute(place, "code.function.name"), Some("blocks::Order::place".into()));
    assert_eq!(trace.spans.len(), 3, "{:?}", trace.spans);
    for check in trace.spans.iter().filter(|span| span.name == "blocks::Order::check") {
        assert_eq!(check.parent_span_id, place.span_context.span_id());
    }
    assert_eq!(total("function.calls", "Order::place", None), 1);
    assert_eq!(total("function.calls", "Order::check", None), 2);
    assert_eq!(total("function.calls", "Order::id", None), 1, "asked for by the method itself");
    assert_eq!(total("function.calls", "Order::silent", None), 0);
}

#[test]
fn a_methods_own_attribute_replaces_that_of_the_block() {
    let trace = spans_of(|| {
        assert_eq!(block_on(Order { id: 7 }.charge(1)), Ok(1));
    });
    let span = trace.only();
    assert_eq!(span.name, "charging");
    assert_eq!(span.span_kind, SpanKind::Internal);
    assert_eq!(attribute(span, "total"), Some(1.into()));
    assert_eq!(attribute(span, "shop"), None);

    let trace = spans_of(|| assert!(block_on(Order { id: 7 }.charge(0)).is_err()));
    assert_eq!(trace.only().status, Status::error("nothing to charge"));
    for metric in ["function.calls", "function.duration"] {
        assert_eq!(total(metric, "Order::charge", None), 1, "{metric}");
        assert_eq!(total(metric, "Order::charge", Some("alloc::string::String")), 1, "{metric}");
    }
}

#[traced]
#[timed]
trait Payment {
    fn pay(&self) -> u32;

    fn pay_twice(&self) -> u32 {
        self.pay() + self.pay()
    }
}

#[traced]
impl Payment for &mut Order<u32> {
    fn pay(&self) -> u32 {
        self.id
    }
}

#[traced]
impl<T> fmt::Display for Order<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an order")
    }
}

#[test]
fn methods_of_traits_go_by_the_type_and_default_ones_by_the_trait() {
    let order = &mut Order { id: 7 };
    let trace = spans_of(|| assert_eq!(order.pay_twice(), 14));
    let twice = trace.named("pay_twice");
    assert_eq!(twice.name, "blocks::Payment::pay_twice");
    let mut inner = trace.spans.iter().filter(|span| span.name == "blocks::Order::pay");
    assert!(inner.all(|span| span.parent_span_id == twice.span_context.span_id()));
    assert_eq!(trace.spans.len(), 3, "{:?}", trace.spans);
    assert_eq!(total("function.duration", "Payment::pay_twice", None), 1);
    assert_eq!(total("function.duration", "Order::pay", None), 0, "only the trait is timed");

    let trace = spans_of(|| assert_eq!(Order { id: () }.to_string(), "an order"));
    assert_eq!(trace.only().name, "blocks::Order::fmt");
}

#[async_trait]
trait Shop {
    async fn sell(&self, items: u32) -> Result<u32, String>;
}

struct Outside;

#[traced]
#[counted]
#[async_trait]
impl Shop for Outside {
    async fn sell(&self, items: u32) -> Result<u32, String> {
        give_way().await;
        self.stock(items).await
    }
}

struct Inside;

#[async_trait]
#[traced]
#[counted]
impl Shop for Inside {
    async fn sell(&self, items: u32) -> Result<u32, String> {
        give_way().await;
        Outside.stock(items).await
    }
}

#[traced]
impl Outside {
    async fn stock(&self, items: u32) -> Result<u32, String> {
        give_way().await;
        items.checked_sub(1).ok_or_else(|| "sold out".to_owned())
    }
}

#[test]
fn async_trait_may_stand_on_either_side() {
    for (shop, name) in [(&Outside as &dyn Shop, "Outside::sell"), (&Inside, "Inside::sell")] {
        let trace = spans_of(|| {
            assert_eq!(block_on(shop.sell(2)), Ok(1));
        });
        let sell = trace.named("sell");
        assert_eq!(sell.name, format!("blocks::{name}"));
        assert_eq!(trace.named("stock").parent_span_id, sell.span_context.span_id());

        let trace = spans_of(|| assert!(block_on(shop.sell(0)).is_err()));
        assert_eq!(trace.named("sell").status, Status::error("sold out"));
        assert_eq!(error_type(trace.named("sell")).as_deref(), Some("alloc::string::String"));

        let trace = spans_of(|| drop(block_on(async { futures::poll!(shop.sell(1)) })));
        assert_eq!(error_type(trace.named("sell")).as_deref(), Some("cancelled"));
        for error in [None, Some("alloc::string::String"), Some("cancelled")] {
            assert_eq!(total("function.calls", name, error), 1, "{name} {error:?}");
        }
    }
}
