//! What is told of a request: attributes by the conventions for HTTP and RPC.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use http::request::Parts;
use http::{HeaderMap, Method, Uri, Version, header};
use opentelemetry::{KeyValue, StringValue};

use super::capture::{Capture, Url, bounded, of_caller};
use super::exchange::Protocol;
use super::{grpc, key, method};

/// As many as most spans of requests have.
pub(super) const MOST_ATTRIBUTES: usize = 12;

/// What is known of a request before it is answered.
#[derive(Debug)]
pub(super) struct Known<'a> {
    pub(super) protocol: Protocol,
    pub(super) method: &'a Method,
    pub(super) url: Url<'a>,
    pub(super) version: Version,
    pub(super) headers: &'a HeaderMap,
}

impl<'a> From<&'a Uri> for Url<'a> {
    fn from(uri: &'a Uri) -> Self {
        let authority = uri.authority();
        Self {
            scheme: uri.scheme_str(),
            has_credentials: authority.is_some_and(|authority| authority.as_str().contains('@')),
            host: authority.map(|authority| authority.host()),
            port: uri.port_u16(),
            path: uri.path(),
            query: uri.query(),
        }
    }
}

impl<'a> Known<'a> {
    pub(super) fn of(parts: &'a Parts) -> Self {
        let Parts { method, uri, version, headers, .. } = parts;
        let protocol = if grpc::is_call(headers) { Protocol::Grpc } else { Protocol::Http };
        Self { protocol, method, url: uri.into(), version: *version, headers }
    }

    /// The name of its span: the procedure, or the method with the route or whatever stands for it.
    pub(super) fn name(&self, route: Option<&str>) -> Cow<'static, str> {
        let name = method::in_name(method::known(self.method));
        match (self.protocol, route) {
            (Protocol::Grpc, _) => bounded(grpc::method(self.url.path)).into_owned().into(),
            (Protocol::Http, Some(route)) => format!("{name} {route}").into(),
            (Protocol::Http, None) => name.into(),
        }
    }

    pub(super) fn http_method(&self) -> KeyValue {
        KeyValue::new(key::HTTP_REQUEST_METHOD, method::known(self.method))
    }

    pub(super) fn rpc_system() -> KeyValue {
        KeyValue::new(key::RPC_SYSTEM_NAME, "grpc")
    }

    pub(super) fn rpc_method(&self) -> KeyValue {
        KeyValue::new(key::RPC_METHOD, bounded(grpc::method(self.url.path)).into_owned())
    }

    /// That of the URL, or what a proxy says, or no more than the default.
    pub(super) fn scheme(&self) -> &'static str {
        let told = self.url.scheme.or_else(|| self.header("x-forwarded-proto")).unwrap_or("http");
        if told.eq_ignore_ascii_case("https") { "https" } else { "http" }
    }

    pub(super) fn scheme_attribute(&self) -> KeyValue {
        KeyValue::new(key::URL_SCHEME, self.scheme())
    }

    fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// What the client calls the server.
    pub(super) fn authority(&self) -> Option<(&'a str, Option<u16>)> {
        let own = self.url.host.map(|host| (host, self.url.port));
        own.or_else(|| self.headers.get(header::HOST)?.to_str().ok().map(host_and_port))
    }

    /// The same where a client sends it, which always is at some port.
    pub(super) fn server(&self) -> Option<(&'a str, Option<u16>)> {
        let default = if self.scheme() == "https" { 443 } else { 80 };
        self.authority().map(|(host, port)| (host, port.or(Some(default))))
    }

    /// The address of the client, as proxies tell it. A client may say what it likes there.
    pub(super) fn forwarded_for(&self) -> Option<IpAddr> {
        let element = self.header("forwarded").and_then(|forwarded| {
            let mut pairs = forwarded.split([',', ';']).filter_map(|pair| pair.trim().split_once('='));
            pairs.find(|(name, _)| name.eq_ignore_ascii_case("for")).map(|(_, address)| address)
        });
        let first = || self.header("x-forwarded-for").and_then(|list| list.split(',').next());
        address(element.or_else(first)?)
    }

    /// The attributes of a server's span.
    pub(super) fn describe_server(
        &self,
        capture: &Capture,
        route: Option<&Arc<str>>,
        client: Option<IpAddr>,
        mut add: impl FnMut(KeyValue),
    ) {
        match self.protocol {
            Protocol::Grpc => {
                add(Self::rpc_system());
                add(self.rpc_method());
            }
            Protocol::Http => {
                self.method(&mut add);
                add(self.scheme_attribute());
                add(KeyValue::new(key::URL_PATH, bounded(self.url.path).into_owned()));
                if let Some(query) = self.url.query.filter(|_| capture.query) {
                    add(KeyValue::new(key::URL_QUERY, capture.query(query)));
                }
                if let Some(route) = route {
                    add(KeyValue::new(key::HTTP_ROUTE, StringValue::from(Arc::clone(route))));
                }
                if let Some(client) = client {
                    add(KeyValue::new(key::CLIENT_ADDRESS, client.to_string()));
                }
                protocol_version(self.version).map(&mut add);
                if let Some(agent) = self.headers.get(header::USER_AGENT) {
                    add(KeyValue::new(key::USER_AGENT_ORIGINAL, of_caller(agent)));
                }
            }
        }
        if let Some(authority) = self.authority() {
            server(authority).for_each(&mut add);
        }
        capture.headers(&capture.request_headers, self.protocol, self.headers, add);
    }

    /// The attributes of a client's span.
    pub(super) fn describe_client(&self, capture: &Capture, mut add: impl FnMut(KeyValue)) {
        match self.protocol {
            Protocol::Grpc => {
                add(Self::rpc_system());
                add(self.rpc_method());
            }
            Protocol::Http => {
                self.method(&mut add);
                // A connection of hyper's takes the path alone, and the host as a header.
                let (host, port) = self.authority().unzip();
                if let Some(full) = capture.url(&Url { host, port: port.flatten(), ..self.url }) {
                    add(KeyValue::new(key::URL_FULL, full));
                }
            }
        }
        capture.headers(&capture.request_headers, self.protocol, self.headers, add);
    }

    fn method(&self, add: &mut impl FnMut(KeyValue)) {
        add(self.http_method());
        if method::known(self.method) == method::OTHER {
            add(KeyValue::new(key::HTTP_REQUEST_METHOD_ORIGINAL, bounded(self.method.as_str()).into_owned()));
        }
    }
}

/// `network.protocol.version`. Of a client's request only its answer knows.
pub(super) fn protocol_version(version: Version) -> Option<KeyValue> {
    let (_, name) = VERSIONS.iter().find(|(known, _)| *known == version)?;
    Some(KeyValue::new(key::NETWORK_PROTOCOL_VERSION, *name))
}

/// The versions of HTTP, and what the convention calls them.
pub(super) const VERSIONS: [(Version, &str); 5] = [
    (Version::HTTP_09, "0.9"),
    (Version::HTTP_10, "1.0"),
    (Version::HTTP_11, "1.1"),
    (Version::HTTP_2, "2"),
    (Version::HTTP_3, "3"),
];

/// `server.address` and `server.port`.
pub(super) fn server((host, port): (&str, Option<u16>)) -> impl Iterator<Item = KeyValue> {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let port = port.map(|port| KeyValue::new(key::SERVER_PORT, i64::from(port)));
    // Shared, because span and metrics have it.
    let address = StringValue::from(Arc::<str>::from(bounded(host)));
    std::iter::once(KeyValue::new(key::SERVER_ADDRESS, address)).chain(port)
}

/// The two that a `Host` header has.
fn host_and_port(text: &str) -> (&str, Option<u16>) {
    // No credentials, which have no place in this header.
    let text = text.rsplit_once('@').map_or(text, |(_, host)| host);
    let parts = text.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    match parts {
        Some((host, port)) if !host.contains(':') || host.starts_with('[') => (host, Some(port)),
        _ => (text, None),
    }
}

/// An address as proxies write it: in quotes, in brackets, with a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let bracketed = text.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(address, _)| address);
    let bare = bracketed.unwrap_or(text);
    bare.parse().ok().or_else(|| bare.rsplit_once(':').and_then(|(address, _)| address.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_proxies_write_them() {
        for (text, expected) in [
            ("192.0.2.43", Some("192.0.2.43")),
            (" 192.0.2.43:47011", Some("192.0.2.43")),
            (r#""[2001:db8::17]:4711""#, Some("2001:db8::17")),
            ("2001:db8::17", Some("2001:db8::17")),
            ("_hidden", None),
            ("unknown", None),
            ("", None),
        ] {
            assert_eq!(address(text).map(|address| address.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn hosts_may_have_ports() {
        assert_eq!(host_and_port("shop"), ("shop", None));
        assert_eq!(host_and_port("shop:8080"), ("shop", Some(8080)));
        assert_eq!(host_and_port("[::1]:80"), ("[::1]", Some(80)));
        assert_eq!(host_and_port("[::1]"), ("[::1]", None));
        assert_eq!(host_and_port("::1"), ("::1", None));
        assert_eq!(host_and_port("shop:http"), ("shop:http", None));
    }

    #[test]
    fn the_client_is_the_first_that_proxies_name() {
        let told = |name: &str, value: &str| {
            let request = http::Request::builder().header(name, value).body(()).unwrap();
            Known::of(&request.into_parts().0).forwarded_for().map(|address| address.to_string())
        };
        assert_eq!(
            told("forwarded", "by=x;For=192.0.2.1;proto=http, for=192.0.2.2").as_deref(),
            Some("192.0.2.1")
        );
        assert_eq!(told("x-forwarded-for", "192.0.2.1, 192.0.2.2").as_deref(), Some("192.0.2.1"));
        assert_eq!(told("x-forwarded-for", "me"), None);
    }
}
