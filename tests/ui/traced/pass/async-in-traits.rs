#![deny(warnings)]

use cryostorm::{counted, timed, traced};
use std::pin::Pin;

trait Store {
    type Error;

    fn load(&self, key: &str) -> impl Future<Output = Result<String, Self::Error>> + Send;

    #[traced]
    fn load_or_empty(&self, key: &str) -> impl Future<Output = String> + Send
    where
        Self: Sync,
    {
        async { self.load(key).await.unwrap_or_default() }
    }

    fn boxed<'a>(&'a self) -> Pin<Box<dyn Future<Output = usize> + Send + 'a>>;
}

struct Memory(String);

impl Store for Memory {
    type Error = std::fmt::Error;

    #[traced(attributes(key = key))]
    async fn load(&self, key: &str) -> Result<String, Self::Error> {
        if key.is_empty() {
            Err(std::fmt::Error)?;
        }
        Ok(self.0.clone())
    }

    #[traced]
    fn boxed<'a>(&'a self) -> Pin<Box<dyn Future<Output = usize> + Send + 'a>> {
        Box::pin(async move { self.0.len() })
    }
}

// Public, so that the compiler would rather have a future with bounds.
#[allow(async_fn_in_trait)]
pub trait Handler {
    #[traced]
    #[counted]
    #[timed]
    async fn handle(&self, text: &str) -> Result<usize, String> {
        Ok(text.len())
    }
}

impl Handler for Memory {}

#[async_trait::async_trait]
trait Dynamic: Send {
    async fn run(&mut self, text: &str) -> Result<usize, String>;

    #[traced]
    async fn twice(&mut self, text: &str) -> Result<usize, String> {
        Ok(self.run(text).await? * 2)
    }
}

#[async_trait::async_trait]
impl Dynamic for Memory {
    #[traced(attributes(text = text, length = self.0.len()), ok(total = |length| length))]
    #[counted]
    async fn run(&mut self, text: &str) -> Result<usize, String> {
        self.0.push_str(text);
        if self.0.len() > 100 {
            return Err("too long".to_owned());
        }
        Ok(self.0.len())
    }
}

#[async_trait::async_trait(?Send)]
trait Local {
    #[traced]
    async fn run(&self) -> Option<std::rc::Rc<u8>> {
        Some(std::rc::Rc::new(1))
    }
}

impl Local for Memory {}

fn main() {
    futures::executor::block_on(async {
        let mut memory = Memory("a".to_owned());
        assert_eq!(memory.load_or_empty("").await, "");
        assert_eq!(memory.boxed().await, 1);
        assert_eq!(memory.handle("ab").await, Ok(2));
        let dynamic: &mut dyn Dynamic = &mut memory;
        assert_eq!(dynamic.twice("b").await, Ok(4));
        assert!(Local::run(&memory).await.is_some());
    });
}
