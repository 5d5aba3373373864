// An instrument whose numbers are of a type that it does not have.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed() -> Counter<i64>;

    pub fn open() -> UpDownCounter;
}

fn main() {}
