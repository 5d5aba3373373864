//! Reads context from headers that anybody might send, as many as its argument says, and sends on what it read. Ends with a
//! message where something goes out that did not come in, or takes more memory than it may; says at the end what took most.

#[path = "../../benches/overhead/allocations.rs"]
mod allocations;

use std::collections::{BTreeSet, HashMap};
use std::time::Instant;

use allocations::Allocations;
use cryostorm::settings::PropagatorType;
use cryostorm::{Telemetry, TelemetryGuard};
use cryostorm_tests::installation::quiet;

/// The most memory that may be asked for to read the headers of a request and to write those of another.
const MOST_BYTES: u64 = 64 * 1024;

type Headers = Vec<(&'static str, Vec<u8>)>;
type Sent = HashMap<String, String>;

fn main() {
    let inputs: u64 = std::env::args().nth(1).and_then(|count| count.parse().ok()).expect("how many inputs");
    let mut settings = quiet();
    settings.propagation.propagator_types = vec![
        PropagatorType::TraceContext,
        PropagatorType::Baggage,
        PropagatorType::B3Multi,
        PropagatorType::B3,
        PropagatorType::Jaeger,
        PropagatorType::XRay,
    ];
    settings.propagation.max_remote_sampled_per_second = Some(1);
    let guard = Telemetry::from_settings(settings).expect("an installation");
    let began = Instant::now();
    let (mut most, mut with_parent, mut with_members) = (0, 0_u64, 0_u64);
    for number in 0..inputs {
        let headers = Generator(number).headers();
        let (sent, bytes) = through(&guard, &headers);
        if let Err(wrong) = check(&headers, &sent, bytes) {
            let shown = |value: &[u8]| format!("{:.300}", value.escape_ascii().to_string());
            let came: Vec<_> = headers.iter().take(20).map(|(name, value)| (*name, shown(value))).collect();
            let sent: Vec<_> = sent.iter().map(|(name, value)| (name, shown(value.as_bytes()))).collect();
            panic!("input {number}: {wrong}\ncame: {came:?}\nsent: {sent:?}");
        }
        // What was sent is of the format, so that it comes through as it is.
        let again: Vec<_> = sent.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        let (again, _) = through(&guard, &again);
        if let Some(name) = sent.keys().chain(again.keys()).find(|name| !is_same(name, &sent, &again)) {
            panic!("input {number}: `{name}` is sent otherwise when it comes in again\n{sent:?}\n{again:?}");
        }
        most = most.max(bytes);
        with_parent += u64::from(sent.contains_key("traceparent"));
        with_members += u64::from(sent.contains_key("baggage") || sent.contains_key("tracestate"));
    }
    let seconds = began.elapsed().as_secs();
    println!("{inputs} {most} {with_parent} {with_members} {seconds}");
    guard.shutdown().expect("nothing is lost");
}

/// Reads the headers and writes others, and how much memory that took.
fn through<N: AsRef<str>, V: AsRef<[u8]>>(guard: &TelemetryGuard, headers: &[(N, V)]) -> (Sent, u64) {
    let before = Allocations::of_this_thread();
    let current = guard.extract_context(headers).attach();
    let mut sent = Sent::new();
    guard.inject_context(&mut sent);
    drop(current);
    (sent, Allocations::of_this_thread().since(before).bytes)
}

/// Whether both have the same header. Baggage may be encoded otherwise where there is more room.
fn is_same(name: &str, one: &Sent, other: &Sent) -> bool {
    let (one, other) = (one.get(name), other.get(name));
    let shapes =
        |header: Option<&String>| header.map(|header| header.split(',').map(shape).collect::<Vec<_>>());
    one == other || name == "baggage" && shapes(one) == shapes(other)
}

/// The key of a member, and the number of its properties.
fn shape(member: &str) -> (String, usize) {
    let key = member.split(['=', ';']).next().unwrap_or_default().trim_matches([' ', '\t']);
    (key.to_owned(), member.matches(';').count())
}

/// Whether all that goes out came in, and in a form that every carrier takes.
fn check(headers: &Headers, sent: &Sent, bytes: u64) -> Result<(), String> {
    let fail = |what: &str| Err(what.to_owned());
    if bytes > MOST_BYTES {
        return Err(format!("{bytes} bytes of memory"));
    }
    if sent.values().any(|value| value.is_empty() || !value.bytes().all(|byte| matches!(byte, b' '..=b'~'))) {
        return fail("characters that not every carrier takes");
    }
    let came: Vec<_> = headers.iter().map(|(name, value)| (*name, String::from_utf8_lossy(value))).collect();
    let members = |name: &str| {
        let of_name = came.iter().filter(|(present, _)| present.eq_ignore_ascii_case(name));
        of_name
            .flat_map(|(_, value)| value.split(','))
            .map(|member| member.trim_matches([' ', '\t']))
            .collect::<Vec<_>>()
    };
    if let Some(parent) = sent.get("traceparent") {
        let is_parent = parent.len() == 55 && parent.is_ascii() && parent.starts_with("00-");
        let digits = |text: &str| text.replace(['-', '+'], "").to_ascii_lowercase();
        let trace = parent[3..35].trim_start_matches('0');
        if !is_parent || !came.iter().any(|(_, value)| digits(value).contains(trace)) {
            return fail("a parent that did not come in");
        }
    }
    if let Some(state) = sent.get("tracestate") {
        let came = members("tracestate");
        let sent: Vec<_> = state.split(',').collect();
        let keys: BTreeSet<_> = sent.iter().map(|member| member.split('=').next()).collect();
        if state.len() > 8192 || sent.len() > 32 || keys.len() < sent.len() {
            return fail("a state beyond its limits");
        }
        if sent.iter().any(|member| !came.contains(member)) {
            return fail("a member of the state that did not come in");
        }
    }
    if let Some(baggage) = sent.get("baggage") {
        let came = members("baggage");
        let sent: Vec<_> = baggage.split(',').collect();
        if baggage.len() > 8192 || sent.len() > 64 {
            return fail("baggage beyond its limits");
        }
        // Encoding may differ, but neither the key nor the number of properties.
        let came: Vec<_> = came.into_iter().map(shape).collect();
        if sent.len() > came.len() || sent.iter().any(|member| !came.contains(&shape(member))) {
            return fail("a member of the baggage that did not come in");
        }
    }
    Ok(())
}

/// Makes headers of a number: SplitMix64.
struct Generator(u64);

const NAMES: [&str; 19] = [
    "traceparent",
    "traceparent",
    "tracestate",
    "tracestate",
    "baggage",
    "baggage",
    "baggage",
    "b3",
    "x-b3-traceid",
    "x-b3-spanid",
    "x-b3-sampled",
    "x-b3-flags",
    "x-b3-parentspanid",
    "uber-trace-id",
    "x-amzn-trace-id",
    // In another case.
    "TraceParent",
    "TRACESTATE",
    "Baggage",
    "X-B3-TraceId",
];

/// What is of some format, to be made worse.
const SEEDS: [&str; 16] = [
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03-more",
    "vendor=1,other@tenant=2;3",
    "a@@b=1,a@b@c=2,plain= 3",
    "key=value;property;k2=v2,key2=%2Cevil%3D1;p=%0d%0a",
    "userId=Am%C3%A9lie,serverNode=DF%2028,isProduction=false",
    "a=1,a=2;p,b=%FF%FE,c=",
    "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1-05e3ac9a4f6e3b90",
    "0af7651916cd43dd8448eb211c80319c",
    "b7ad6b7169203331",
    "1",
    "0af7651916cd43dd8448eb211c80319c:b7ad6b7169203331:0:1",
    "af7651916cd43dd:b7ad%3A0%3a1",
    "Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled=1",
    "Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled=?;a=b",
    "",
];

/// What means something somewhere.
const SIGNS: &[u8] = b",,;;==%% \t\r\n\0\x01\x7f\"\\@@-:+*/_.azAZ019f\xc3\xa4\xff";

impl Generator {
    fn next(&mut self) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) as usize
    }

    fn below(&mut self, end: usize) -> usize {
        self.next() % end.max(1)
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    fn headers(&mut self) -> Headers {
        // Most have one header of a kind that can be read, so that what comes after it is reached.
        let count = if self.below(5000) == 0 { 2000 } else { 1 + self.below(5) };
        let mut headers: Headers = (0..count).map(|_| (*self.one(&NAMES), self.value())).collect();
        if self.below(2) == 0 {
            headers.retain(|(name, _)| !name.eq_ignore_ascii_case("traceparent"));
            headers.insert(0, ("traceparent", SEEDS[self.below(2)].as_bytes().to_vec()));
        }
        headers
    }

    fn value(&mut self) -> Vec<u8> {
        let mut value = self.one(&SEEDS).as_bytes().to_vec();
        match self.below(1000) {
            // As it is.
            0..250 => {}
            // A list of members that are as long as they may be.
            250..300 => value = self.list(),
            // With some bytes changed.
            300..700 => (0..=self.below(4)).for_each(|_| self.change(&mut value)),
            // Of signs only.
            700..950 => value = (0..self.below(60)).map(|_| *self.one(SIGNS)).collect(),
            // Several times over.
            950..997 => self.repeat(&mut value, 1000),
            // As long as a header may be.
            997..999 => self.repeat(&mut value, 9000),
            _ => self.repeat(&mut value, 200_000),
        }
        value
    }

    fn list(&mut self) -> Vec<u8> {
        let (members, longest) = (self.below(70), 1 + self.below(300));
        let member = |number: usize| {
            let at = ["", "@", "@@a", "@tenantoftenants"][self.below(4)];
            let value =
                ["x", "%FF", "%C3%A4", "!", "=", ";p=%25"][self.below(6)].repeat(1 + self.below(longest) / 3);
            format!("{}{number}{at}={value}", "k".repeat(self.below(longest)))
        };
        (0..members).map(member).collect::<Vec<_>>().join(",").into_bytes()
    }

    fn change(&mut self, value: &mut Vec<u8>) {
        let at = self.below(value.len() + 1);
        let sign = *self.one(SIGNS);
        match self.below(4) {
            0 => value.insert(at, sign),
            1 => value.truncate(at),
            2 if at < value.len() => drop(value.remove(at)),
            _ if at < value.len() => value[at] = sign,
            _ => value.push(sign),
        }
    }

    /// Up to about so many bytes, in members or in one.
    fn repeat(&mut self, value: &mut Vec<u8>, bytes: usize) {
        let wanted = self.below(bytes);
        let between = *self.one(&[&b","[..], b"", b";", b"%FF", b",k=\xff,"]);
        let mut number = 0;
        let part = if value.is_empty() { b"a=%C3%A4".to_vec() } else { value.clone() };
        while value.len() < wanted {
            value.extend_from_slice(between);
            // Other keys each time, or the same.
            if self.below(2) == 0 {
                number += 1;
                value.extend_from_slice(format!("k{number}=").as_bytes());
            }
            value.extend_from_slice(&part);
        }
    }
}
