// Names that are literals, made per call, or constants.
#![deny(warnings)]

use cryostorm::traced;

const CHARGE: &str = "charge";

mod names {
    pub const REFUND: &str = "refund";
}

struct Shop;

impl Shop {
    const NAME: &'static str = "shop";

    #[traced(name = Self::NAME)]
    fn of_the_type(&self) {}

    #[traced(name = "{self:?}")]
    fn of_the_value(&self) {}
}

impl std::fmt::Debug for Shop {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(Self::NAME)
    }
}

#[traced(name = "GET /orders")]
fn literal() {}

#[traced(name = r#"raw "name""#)]
fn raw() {}

#[traced(name = CHARGE)]
fn constant() {}

#[traced(name = crate::names::REFUND)]
fn constant_by_path() -> Result<(), String> {
    Ok(())
}

#[traced(name = "charge {id} of {customer:?}, {cents:>8.2} {{cents}}")]
fn formatted(id: u64, customer: &str, cents: f64) -> u64 {
    let _ = (customer, cents);
    id
}

#[traced(name = "{{}}")]
fn only_escapes() {}

#[traced(name = "charge {type}")]
fn raw_argument(r#type: u8) -> u8 {
    r#type
}

#[traced(name = "move {text}")]
fn moved_by_the_body(text: String) -> String {
    text
}

#[traced(name = "{method} {path}")]
async fn in_a_future(method: &str, path: String) -> String {
    format!("{method} {path}")
}

#[traced(name = "wait {seconds}")]
fn returns_a_future(seconds: u64) -> impl Future<Output = u64> {
    async move { seconds }
}

fn main() {
    literal();
    raw();
    constant();
    constant_by_path().unwrap();
    assert_eq!(formatted(1, "Ada", 2.5), 1);
    only_escapes();
    assert_eq!(raw_argument(3), 3);
    assert_eq!(moved_by_the_body("a".to_owned()), "a");
    Shop.of_the_type();
    Shop.of_the_value();
    futures::executor::block_on(async {
        assert_eq!(in_a_future("GET", "/".to_owned()).await, "GET /");
        assert_eq!(returns_a_future(4).await, 4);
    });
}
