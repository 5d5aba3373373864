//! Layers for servers and clients: what requests leave in spans, metrics and logs.

mod middleware {
    mod captured;
    mod catalogue;
    mod client;
    mod client_metrics;
    mod dropped;
    mod endings;
    mod excluded;
    mod grpc;
    mod observed;
    mod server;
}
