//! What goes through a channel together with the context of its sender.

use std::ops::{Deref, DerefMut};

use opentelemetry::Context;
use opentelemetry::trace::Link;

use crate::instrument::{self, AsContext, IntoLink};

/// A value and the context that it was sent in, for channels of any kind. The receiver goes on in that context, or links
/// to it.
///
/// ```
/// use cryostorm::task::Envelope;
/// use cryostorm::{FutureExt as _, traced};
/// use tokio::sync::mpsc::{Receiver, Sender};
///
/// # #[derive(Clone, Debug)] struct Order { id: u64 }
/// async fn place(order: Order, queue: Sender<Envelope<Order>>) {
///     let _ = queue.send(Envelope::new(order)).await;
/// }
///
/// // A child of the sender's span: in the sender's trace, with its baggage.
/// #[traced(context = order, kind = Consumer, attributes(order.id = order.id))]
/// async fn pack(order: Envelope<Order>) {}
///
/// // A trace of its own, linked to the spans of all senders.
/// #[traced(root, links = orders, kind = Consumer)]
/// async fn ship(orders: &[Envelope<Order>]) {}
///
/// // The same for a function that knows nothing of envelopes: a child.
/// #[traced]
/// async fn bill(order: Order) {}
///
/// async fn serve(mut queue: Receiver<Envelope<Order>>) {
///     while let Some(order) = queue.recv().await {
///         pack(order.clone()).await;
///         ship(&[order.clone()]).await;
///         let (order, sender) = order.into_parts();
///         bill(order).with_context(sender).await;
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Envelope<T> {
    context: Context,
    value: T,
}

impl<T> Envelope<T> {
    /// With the context that is current here.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self::with_context(value, instrument::carried())
    }

    /// With another context, such as what [`Telemetry::extract_context`](crate::Telemetry::extract_context) returned.
    #[must_use]
    pub fn with_context(value: T, context: Context) -> Self {
        Self { context, value }
    }

    /// The sender's context: what `context = ..`, [`SpanBuilder::context`](crate::SpanBuilder::context) and
    /// [`with_context`](crate::FutureExt::with_context) take.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The value alone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The value and the sender's context.
    #[must_use]
    pub fn into_parts(self) -> (T, Context) {
        (self.value, self.context)
    }
}

impl<T> Deref for Envelope<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Envelope<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T> AsContext for Envelope<T> {
    fn as_context(&self) -> &Context {
        &self.context
    }
}

// Of the reference, so that nothing is asked of the value, which a link has no use for.
impl<T> IntoLink for &Envelope<T> {
    fn into_link(self) -> Link {
        self.context.clone().into_link()
    }
}
