// The return type is no instrument.
#[cryostorm::metrics(prefix = "shop")]
pub mod shop {
    pub fn placed() -> u64;

    pub fn refunded() -> Countr<u64>;
}

fn main() {}
