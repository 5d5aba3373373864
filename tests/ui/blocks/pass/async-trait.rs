#![deny(warnings)]

use async_trait::async_trait;
use cryostorm::{counted, traced};

#[traced]
#[counted]
#[async_trait]
trait Shop: Sync {
    async fn charge(&self, total: u32) -> Result<u32, String>;

    async fn refund(&self, total: u32) -> Result<u32, String> {
        Ok(self.charge(total).await? + 1)
    }
}

struct Outside;

#[traced]
#[counted]
#[async_trait]
impl Shop for Outside {
    async fn charge(&self, total: u32) -> Result<u32, String> {
        Ok(total)
    }
}

struct Inside;

#[async_trait]
#[traced]
#[counted]
impl Shop for Inside {
    async fn charge(&self, total: u32) -> Result<u32, String> {
        if total == 0 {
            return Err("nothing to charge".to_owned());
        }
        Ok(total)
    }
}

#[async_trait]
#[traced]
trait Cancel: Sync {
    async fn cancel(&self) -> u8 {
        7
    }
}

impl Cancel for Inside {}

fn main() {
    let shops: [Box<dyn Shop>; 2] = [Box::new(Outside), Box::new(Inside)];
    futures::executor::block_on(async {
        for shop in shops {
            assert_eq!(shop.refund(1).await, Ok(2));
        }
        assert!(Inside.charge(0).await.is_err());
        assert_eq!(Inside.cancel().await, 7);
    });
}
