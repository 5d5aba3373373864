//! The cases of the W3C's [test suite](https://github.com/w3c/baggage/tree/main/test) for baggage, all 24 of them, and what
//! it does not ask for: what a service knows of the baggage that comes in, and what it sends on.

use cryostorm::opentelemetry::baggage::{Baggage, BaggageExt as _, KeyValueMetadata};
use cryostorm::opentelemetry::{Context, KeyValue};
use cryostorm::{Telemetry, TelemetryGuard};
use cryostorm_tests::installation::{alone, quiet};
use http::{HeaderMap, HeaderValue};

/// Key, value and properties.
type Member = (&'static str, &'static str, &'static str);

fn installed(work: impl FnOnce(&TelemetryGuard)) {
    let _alone = alone();
    let guard = Telemetry::from_settings(quiet()).unwrap();
    work(&guard);
    guard.shutdown().unwrap();
}

fn read(guard: &TelemetryGuard, incoming: &[&str]) -> Context {
    let mut headers = HeaderMap::new();
    for value in incoming {
        headers.append("baggage", HeaderValue::from_str(value).unwrap());
    }
    guard.extract_context(&headers)
}

/// The header that is sent under this context; empty where there is none.
fn sent(guard: &TelemetryGuard, context: Context) -> String {
    let _current = context.attach();
    let mut headers = HeaderMap::new();
    guard.inject_context(&mut headers);
    assert!(headers.get_all("baggage").iter().count() <= 1);
    headers.get("baggage").map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
}

fn of(members: impl IntoIterator<Item = KeyValueMetadata>) -> Context {
    Context::new().with_baggage(members.into_iter().collect::<Baggage>())
}

fn members(context: &Context) -> Vec<(String, String, String)> {
    let owned = |(key, (value, properties)): (
        &cryostorm::opentelemetry::Key,
        &(cryostorm::opentelemetry::StringValue, _),
    )| {
        let properties: &cryostorm::opentelemetry::baggage::BaggageMetadata = properties;
        (key.to_string(), value.to_string(), properties.to_string())
    };
    let mut members: Vec<_> = context.baggage().iter().map(owned).collect();
    members.sort();
    members
}

/// What a text of all kinds of characters is encoded as.
const ENCODED: &str = "%09%20%22%27%3B%3Dasdf%21%40%23%24%25%5E%26%2A%28%29";
const DECODED: &str = "\t \"';=asdf!@#$%^&*()";
const OF_ENCODED: &str = "SomePropKey=%09%20%22%27%3B%3Dasdf%21%40%23%24%25%5E%26%2A%28%29";

/// Name, what comes in, what it means, and what is sent on.
fn cases() -> Vec<(&'static str, String, Vec<Member>, String)> {
    let simple = ("SomeKey", "SomeValue", "");
    let case = |name, incoming: &str, members: &[Member], sent: &str| {
        (name, incoming.to_owned(), members.to_vec(), sent.to_owned())
    };
    let two = [("SomeKey", "SomeValue", "SomeProp"), ("SomeKey2", "SomeValue2", "ValueProp=PropVal")];
    let two_sent = "SomeKey=SomeValue;SomeProp,SomeKey2=SomeValue2;ValueProp=PropVal";
    let pairs = [
        ("SomeKey", "SomeValue", "SomePropKey=SomePropValue"),
        ("SomeKey2", "SomeValue2", "SomePropKey2=SomePropValue2"),
    ];
    let pairs_sent =
        "SomeKey=SomeValue;SomePropKey=SomePropValue,SomeKey2=SomeValue2;SomePropKey2=SomePropValue2";
    let with = |properties| [("SomeKey", "SomeValue", properties)];
    vec![
        case("a list without members", "", &[], ""),
        case("a list of one", "SomeKey=SomeValue", &[simple], "SomeKey=SomeValue"),
        case("a list of two", two_sent, &two, two_sent),
        case(
            "a list with space in it",
            "SomeKey \t = \t SomeValue \t ; \t SomeProp \t , \t SomeKey2 \t = \t SomeValue2 \t ; \t ValueProp \t = \t PropVal",
            &two,
            two_sent,
        ),
        case("a list with pairs as properties", pairs_sent, &pairs, pairs_sent),
        case(
            "that with space in it",
            "SomeKey \t = \t SomeValue \t ; \t SomePropKey=SomePropValue \t , \t SomeKey2 \t = \t SomeValue2 \t ; \t SomePropKey2 \t = \t SomePropValue2",
            &pairs,
            pairs_sent,
        ),
        case("a member without properties", "SomeKey=SomeValue", &with(""), "SomeKey=SomeValue"),
        case("a member", "SomeKey=SomeValue", &[simple], "SomeKey=SomeValue"),
        case(
            "an equals sign in a value",
            "SomeKey=SomeValue=equals",
            &[("SomeKey", "SomeValue=equals", "")],
            "SomeKey=SomeValue%3Dequals",
        ),
        case(
            "an encoded value",
            &format!("SomeKey={ENCODED}"),
            &[("SomeKey", DECODED, "")],
            &format!("SomeKey={ENCODED}"),
        ),
        case("a property", "SomeKey=SomeValue;SomeProp", &with("SomeProp"), "SomeKey=SomeValue;SomeProp"),
        case(
            "two properties",
            "SomeKey=SomeValue;SomeProp;SecondProp=PropValue",
            &with("SomeProp;SecondProp=PropValue"),
            "SomeKey=SomeValue;SomeProp;SecondProp=PropValue",
        ),
        case(
            "properties of the same name",
            "SomeKey=SomeValue;SomeProp;SomeProp=PropValue;SomeProp=AnotherPropValue",
            &with("SomeProp;SomeProp=PropValue;SomeProp=AnotherPropValue"),
            "SomeKey=SomeValue;SomeProp;SomeProp=PropValue;SomeProp=AnotherPropValue",
        ),
        case(
            "a pair as a property",
            "SomeKey=SomeValue;SomePropKey=SomePropValue",
            &with("SomePropKey=SomePropValue"),
            "SomeKey=SomeValue;SomePropKey=SomePropValue",
        ),
        case("a member with space in it", "SomeKey \t = \t SomeValue \t ", &[simple], "SomeKey=SomeValue"),
        case(
            "an encoded value with space around it",
            &format!("SomeKey \t = \t {ENCODED} \t "),
            &[("SomeKey", DECODED, "")],
            &format!("SomeKey={ENCODED}"),
        ),
        case(
            "a property with space around it",
            "SomeKey \t = \t SomeValue \t ; \t SomeProp",
            &with("SomeProp"),
            "SomeKey=SomeValue;SomeProp",
        ),
        case(
            "two properties with space around them",
            "SomeKey \t = \t SomeValue \t ; \t SomeProp \t ; \t SecondProp \t = \t PropValue",
            &with("SomeProp;SecondProp=PropValue"),
            "SomeKey=SomeValue;SomeProp;SecondProp=PropValue",
        ),
        case(
            "a pair as a property with space around it",
            "SomeKey \t = \t SomeValue \t ; \t SomePropKey \t = \t SomePropValue",
            &with("SomePropKey=SomePropValue"),
            "SomeKey=SomeValue;SomePropKey=SomePropValue",
        ),
        case(
            "the encoded value of a property, which stays encoded",
            &format!("SomeKey=SomeValue;{OF_ENCODED}"),
            &with(OF_ENCODED),
            &format!("SomeKey=SomeValue;{OF_ENCODED}"),
        ),
        case(
            "a property that looks like an encoded pair",
            "SomeKey=SomeValue;ValueProp%20%09%20%3D%20%09%20PropVal",
            &with("ValueProp%20%09%20%3D%20%09%20PropVal"),
            "SomeKey=SomeValue;ValueProp%20%09%20%3D%20%09%20PropVal",
        ),
    ]
}

#[test]
fn what_comes_in_means_what_the_suite_says_and_goes_on() {
    let cases = cases();
    assert_eq!(cases.len(), 21, "and three on limits");
    installed(|guard| {
        for (name, incoming, expected, outgoing) in cases {
            let context = read(guard, &[&incoming]);
            let expected: Vec<_> = expected
                .iter()
                .map(|(k, v, p)| ((*k).to_owned(), (*v).to_owned(), (*p).to_owned()))
                .collect();
            assert_eq!(members(&context), expected, "{name}");
            assert_eq!(sent(guard, context), outgoing, "{name}");
        }
    });
}

#[test]
fn limits_are_those_of_the_suite() {
    installed(|guard| {
        let many = (0..64).map(|number| KeyValueMetadata::new(format!("key{number}"), "value", ""));
        assert_eq!(sent(guard, of(many)).split(',').count(), 64, "as many as must be sent");

        let long = "0123456789".repeat(819);
        let header = sent(guard, of([KeyValueMetadata::new("a", long.clone(), "")]));
        assert_eq!(header, format!("a={long}"), "as long as must be sent");
        assert_eq!(sent(guard, read(guard, &[&header])), header);

        // The suite counts the bytes of such a list. More than 64 members need not be sent, and OpenTelemetry holds no more.
        let list: Vec<_> = (0..512).map(|number| format!("{number:03}=0123456789a")).collect();
        let incoming = list.join(",") + "b";
        assert_eq!(incoming.len(), 8192);
        let outgoing = sent(guard, read(guard, &[&incoming]));
        assert_eq!(outgoing, list[..64].join(","), "the first, and whole");
    });
}

#[test]
fn all_headers_count_together() {
    installed(|guard| {
        assert_eq!(sent(guard, read(guard, &["a=1", "b=2,c=3", "", "d=4"])), "a=1,b=2,c=3,d=4");
        assert_eq!(sent(guard, read(guard, &["a=1,b=2", "a=3"])), "a=3,b=2", "the last of a key");
        let headers: Vec<_> = (0..100).map(|number| format!("k{number:02}=1")).collect();
        let headers: Vec<_> = headers.iter().map(String::as_str).collect();
        assert_eq!(members(&read(guard, &headers)).len(), 64);
        let long = format!("a={}", "x".repeat(4089));
        let second = format!("b={}", "x".repeat(4098));
        // 4091 bytes, a comma, and 4100 bytes.
        assert_eq!(members(&read(guard, &[&long, &second])).len(), 2);
        let third = format!("b={}", "x".repeat(4099));
        assert_eq!(members(&read(guard, &[&long, &third])).len(), 1, "one byte too many");
    });
}

#[test]
fn nothing_becomes_a_member_that_was_none() {
    let incoming = [
        // What is sent on, and what came in.
        ("k=v;meta=%2Cevil%3D1", "k=v;meta=%2Cevil%3D1"),
        ("k=v%2Cevil%3D1", "k=v%2Cevil%3D1"),
        ("k=v%3Bevil", "k=v%3Bevil"),
        ("k=v;p=%0D%0Ax-evil:1", "k=v;p=%0D%0Ax-evil:1"),
        ("k=v%0D%0Ax-evil%3A1", "k=v%0D%0Ax-evil%3A1"),
        ("k%2Cevil=1", "k%2Cevil=1"),
        ("k%3Devil=1", "k%3Devil=1"),
        ("k=%FF%C3%28", "k=%EF%BF%BD%EF%BF%BD%28"),
        ("k=100%", "k=100%25"),
        ("k=%2", "k=%252"),
        ("k=%zz", "k=%25zz"),
        // What is not of the format is left out, and nothing else.
        ("k=a b,ok=1", "ok=1"),
        ("k=\"a\",ok=1", "ok=1"),
        ("k=a\\b,ok=1", "ok=1"),
        ("k=v;a b=1,ok=1", "ok=1"),
        ("k=v;;,ok=1", "ok=1"),
        ("k=v;=1,ok=1", "ok=1"),
        ("k(=v,ok=1", "ok=1"),
        ("=v,ok=1", "ok=1"),
        ("k,ok=1", "ok=1"),
        ("k=,ok=1", "k=,ok=1"),
        (",, ,ok=1,", "ok=1"),
        ("k=ä,ok=1", "ok=1"),
        ("ä=1,ok=1", "ok=1"),
    ];
    installed(|guard| {
        for (header, expected) in incoming {
            let context = guard.extract_context([("baggage", header)].as_slice());
            assert_eq!(sent(guard, context), expected, "{header}");
        }
    });
}

#[test]
fn whatever_code_puts_into_baggage_is_sent_in_the_format() {
    let put = |key: &'static str, value: &'static str, properties: &'static str| {
        of([KeyValueMetadata::new(key, value, properties)])
    };
    installed(|guard| {
        assert_eq!(sent(guard, put("k", "a,b=1\r\nx: y", "")), "k=a%2Cb%3D1%0D%0Ax%3A%20y");
        assert_eq!(sent(guard, put("k", "1", "p=2,evil=3")), "k=1;p=2%2Cevil=3");
        assert_eq!(sent(guard, put("k", "1", "p=2\r\nx: y;q,evil=1;r")), "k=1;p=2%0D%0Ax:%20y;r");
        assert_eq!(sent(guard, put("k", "1", "p=50% off")), "k=1;p=50%25%20off");
        assert_eq!(sent(guard, put("k", "Amélie", "")), "k=Am%C3%A9lie");
        assert_eq!(sent(guard, Context::new()), "");
    });
}

#[test]
fn what_is_sent_fits_and_has_whole_members() {
    installed(|guard| {
        let many =
            (0..60).map(|number| KeyValueMetadata::new(format!("k{number:02}"), "ä".repeat(60), "p=1"));
        let header = sent(guard, of(many));
        let member = "k00=".len() + 60 * "%C3%A4".len() + ";p=1".len();
        let room = (8192 + 1) / (member + 1);
        assert_eq!(header.len(), room * (member + 1) - 1);
        assert!(header.split(',').all(|one| one.len() == member), "{header}");
        // Signs that need not be encoded are not where there is no room for it.
        let signs = "!".repeat(3000);
        let two = [("a", signs.clone()), ("b", signs.clone())]
            .map(|(key, value)| KeyValueMetadata::new(key, value, ""));
        assert_eq!(sent(guard, of(two)), format!("a={signs},b={signs}"));
    });
}

#[test]
fn baggage_can_stay_at_home() {
    installed(|guard| {
        let _current = Context::new().with_baggage([KeyValue::new("tenant", "north")]).attach();
        guard.span("client").in_scope(|_| {
            let mut headers = HeaderMap::from_iter([(
                http::HeaderName::from_static("baggage"),
                HeaderValue::from_static("from=caller"),
            )]);
            guard.inject_context_without_baggage(&mut headers);
            assert!(headers.contains_key("traceparent"));
            assert!(!headers.contains_key("baggage"), "nor what the carrier had");
            guard.inject_context(&mut headers);
            assert_eq!(headers["baggage"], "tenant=north", "it is still there");
        });
    });
}
