#![deny(warnings)]

use cryostorm::traced;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

#[derive(Clone, Default)]
struct Account<'a, T> {
    owner: &'a str,
    entries: Vec<T>,
}

impl<'a, T> Account<'a, T>
where
    T: Clone + PartialOrd,
{
    #[traced]
    fn new(owner: &'a str) -> Self {
        Self { owner, entries: Vec::new() }
    }

    #[traced]
    fn owner(&self) -> &'a str {
        self.owner
    }

    #[traced(attributes(entries = self.entries.len()))]
    fn add(&mut self, entry: T) -> &mut Self {
        self.entries.push(entry);
        self
    }

    #[traced]
    fn newest(&self) -> Option<&T> {
        self.entries.last()
    }

    #[traced]
    fn iter(&self) -> Box<dyn Iterator<Item = &T> + '_> {
        Box::new(self.entries.iter())
    }

    #[traced]
    fn into_entries(mut self) -> Vec<T> {
        self.entries.reverse();
        self.entries
    }

    #[traced]
    fn boxed(self: Box<Self>) -> usize {
        self.entries.len()
    }

    #[traced]
    fn shared(self: Arc<Self>) -> Arc<Self> {
        self
    }

    #[traced]
    fn counted(self: &Rc<Self>) -> Rc<Self> {
        Rc::clone(self)
    }

    #[traced]
    fn pinned(self: Pin<&mut Self>) -> usize {
        self.entries.len()
    }
}

trait Greeting {
    fn name(&self) -> String;

    #[traced]
    fn greeting(&self) -> String {
        format!("Hello, {}!", self.name())
    }
}

impl Greeting for Account<'_, u8> {
    #[traced]
    fn name(&self) -> String {
        self.owner.to_owned()
    }
}

fn main() {
    let mut account = Account::<u8>::new("Ada");
    account.add(1).add(2);
    assert_eq!(account.owner(), "Ada");
    assert_eq!(account.newest(), Some(&2));
    assert_eq!(account.iter().count(), 2);
    assert_eq!(account.greeting(), "Hello, Ada!");
    assert_eq!(Box::new(account.clone()).boxed(), 2);
    assert_eq!(Arc::new(account.clone()).shared().entries.len(), 2);
    assert_eq!(Rc::new(account.clone()).counted().entries.len(), 2);
    assert_eq!(Pin::new(&mut account).pinned(), 2);
    assert_eq!(account.into_entries(), [2, 1]);
}
