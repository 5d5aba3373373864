//! What systems of others have to say of a trace: the header `tracestate`.

use opentelemetry::Context;
use opentelemetry::trace::{TraceContextExt, TraceId, TraceState};

/// The most members, by the specification.
const MEMBERS: usize = 32;
/// The longest key, and the longest value.
const LENGTH: usize = 256;
/// The longest header that is sent on, many times what must be. What is beyond it is left out from the end, where the
/// specification has it begin.
const BYTES: usize = 8192;

/// The members of all headers together, of each key the first, which is the latest.
#[derive(Debug, Default)]
pub(super) struct Members<'a> {
    members: Vec<(&'a str, &'a str)>,
    /// How long they are as a header.
    bytes: usize,
}

/// Reads the headers. One mistake refuses all of them, as the specification has it.
pub(super) fn parse<'a>(headers: &[&'a str]) -> Option<Members<'a>> {
    let mut members = Members::default();
    let listed =
        headers.iter().flat_map(|header| header.split(',')).map(|member| member.trim_matches([' ', '\t']));
    for (at, member) in listed.filter(|member| !member.is_empty()).enumerate() {
        let (key, value) = member.split_once('=')?;
        if at == MEMBERS || !is_key(key) || !is_value(value) {
            return None;
        }
        members.add(key, value);
    }
    Some(members)
}

impl<'a> Members<'a> {
    /// Adds a member of a new key, if there is room for it and for those before it.
    fn add(&mut self, key: &'a str, value: &'a str) {
        let is_new = self.members.iter().all(|(present, _)| *present != key);
        if is_new && self.members.len() < MEMBERS {
            self.bytes += ",".len() + key.len() + "=".len() + value.len();
            if self.bytes <= BYTES {
                self.members.push((key, value));
            }
        }
    }

    /// The header to be sent, if there is anything to send.
    fn header(&self) -> Option<String> {
        let mut header = String::with_capacity(self.bytes.min(BYTES));
        for (key, value) in &self.members {
            if !header.is_empty() {
                header.push(',');
            }
            header.extend([key, "=", value]);
        }
        (!header.is_empty()).then_some(header)
    }

    /// The members as OpenTelemetry has them, and what it needs beside that to send all of them.
    pub(super) fn hold(self, trace_id: TraceId) -> (TraceState, Option<Beside>) {
        let (held, others): (Vec<_>, Vec<_>) = self.members.iter().partition(|(key, _)| is_held(key));
        let state = TraceState::from_key_value(held).unwrap_or_default();
        if others.is_empty() {
            return (state, None);
        }
        let others = others.into_iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
        let beside = Beside { trace_id, state: state.clone(), others, header: self.header() };
        (state, Some(beside))
    }
}

/// What a trace came with where OpenTelemetry's `TraceState` takes some of its keys for invalid: it holds to the first level
/// of the specification, by which there was one `@` in a key and a short name after it.
#[derive(Debug)]
pub(super) struct Beside {
    trace_id: TraceId,
    /// The members that it takes.
    state: TraceState,
    /// Those that it does not take.
    others: Vec<(String, String)>,
    /// All of them, in their order.
    header: Option<String>,
}

/// The header for the span that is active in the context.
pub(super) fn header(context: &Context) -> Option<String> {
    let span = context.span();
    let (trace_id, state) = (span.span_context().trace_id(), span.span_context().trace_state());
    let beside = context.get::<Beside>().filter(|beside| beside.trace_id == trace_id);
    if let Some(beside) = beside.filter(|beside| beside.state == *state) {
        return beside.header.clone();
    }
    let others = beside.into_iter().flat_map(|beside| &beside.others);
    let mut members = Members::default();
    // Not all that a `TraceState` takes may be sent.
    state
        .into_iter()
        .chain(others.map(|(key, value)| (key.as_str(), value.as_str())))
        .filter(|(key, value)| is_key(key) && is_value(value))
        .for_each(|(key, value)| members.add(key, value));
    members.header()
}

/// Whether OpenTelemetry takes this key, which is one: by the first level of the specification, or almost.
fn is_held(key: &str) -> bool {
    let is_first = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    key.split_once('@').is_none_or(|(_, system)| {
        system.len() <= 13 && !system.contains('@') && system.bytes().next().is_none_or(is_first)
    })
}

/// By the second level of the specification.
fn is_key(key: &str) -> bool {
    let is_first = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_next = |byte: &u8| is_first(byte) || b"_-*/@".contains(byte);
    key.len() <= LENGTH && key.as_bytes().first().is_some_and(is_first) && key.as_bytes().iter().all(is_next)
}

fn is_value(value: &str) -> bool {
    let is_taken = |byte: u8| matches!(byte, b' '..=b'~') && byte != b',' && byte != b'=';
    (1..=LENGTH).contains(&value.len()) && !value.ends_with(' ') && value.bytes().all(is_taken)
}
