use super::{Instrument, assert_refused, messages};
use quote::quote;

#[test]
fn ucum_is_accepted() {
    for unit in [
        "1",
        "s",
        "ms",
        "By",
        "kBy",
        "KiBy",
        "MiBy/s",
        "bit/s",
        "%",
        "{call}",
        "{call}/s",
        "By{sent}",
        "/min",
        "m2",
        "s-1",
        "m+2",
        "m.s-2",
        "kg.m2/s2",
        "10*3/uL",
        "10^6",
        "10*",
        "100/s",
        "(m/s).kg",
        "J/(kg.K)",
        "Cel",
        "deg",
        "dB",
        "dB[SPL]",
        "mm[Hg]",
        "m[H2O]",
        "[degF]",
        "[in_i'H2O]",
        "k[IU]",
        "m[IU]/mL",
        "eV",
        "keV",
        "cd",
        "mol",
        "mmol/L",
        "Ohm",
        "kOhm",
        "mbar",
        "h",
        "wk",
        "a",
        "g%",
        "''",
        "cal_[15]",
        "2.By",
    ] {
        assert_eq!(messages(Instrument::Counted, quote!(unit = #unit)), [""; 0], "{unit}");
    }
}

#[test]
fn units_that_were_meant_are_found() {
    for (unit, meant) in [
        ("seconds", "s"),
        ("sec", "s"),
        ("milliseconds", "ms"),
        ("µs", "us"),
        ("bytes", "By"),
        ("B", "By"),
        ("kB", "kBy"),
        ("KB", "kBy"),
        ("kb", "kBy"),
        ("MiB", "MiBy"),
        ("bytes/sec", "By/s"),
        ("By/B", "By/By"),
        ("percent", "%"),
        ("°C", "Cel"),
        ("requests", "{requests}"),
        ("requests/second", "{requests}/s"),
        ("open_files", "{open_files}"),
    ] {
        let expected = format!("`{unit}` is not a unit of UCUM: write `unit = {meant:?}`");
        assert_eq!(messages(Instrument::Counted, quote!(unit = #unit)), [expected], "{unit}");
    }
}

#[test]
fn other_texts_are_no_units() {
    for unit in [
        " s",
        "per second",
        "s/",
        "s//s",
        "{}",
        "{call",
        "call}",
        "{a b}",
        "(s",
        "s)",
        "m-",
        "µ",
        "[x",
        ".",
        "s s",
    ] {
        let expected =
            format!("`{unit}` is not a unit of UCUM: write for example `s`, `By/s` or `{{request}}`");
        assert_eq!(messages(Instrument::Counted, quote!(unit = #unit)), [expected], "{unit}");
    }
    let long = "By.".repeat(22);
    assert_refused(
        Instrument::Counted,
        [
            (quote!(unit = ""), "the unit is empty: write `1` for what has none"),
            (quote!(unit = #long), "a unit has at most 63 characters: this one has 66"),
            (quote!(unit = ms), "`unit` takes a string literal: write `unit = \"ms\"`"),
            (quote!(unit = UNIT), "`unit` takes a string literal: write `unit = \"..\"`"),
        ],
    );
}

#[test]
fn durations_have_units_of_time() {
    for unit in ["s", "ms", "us", "ns", "min", "h"] {
        assert_eq!(messages(Instrument::Timed, quote!(unit = #unit)), [""; 0], "{unit}");
    }
    assert_refused(
        Instrument::Timed,
        [
            (quote!(unit = "seconds"), "`seconds` is not a unit of UCUM: write `unit = \"s\"`"),
            (
                quote!(unit = "By"),
                "no duration is measured in `By`: write one of `s`, `ms`, `us`, `ns`, `min`, `h`",
            ),
            (quote!(unit = "d"), "no duration is measured in `d`"),
            (quote!(unit = "requests"), "no duration is measured in `requests`"),
        ],
    );
}
