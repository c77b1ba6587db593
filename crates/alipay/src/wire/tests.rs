use super::*;
use proptest::prelude::*;

#[test]
fn amounts_are_read_exactly_or_not_at_all() {
    let cases = [
        ("50.00", Some(5_000)),
        ("0.01", Some(1)),
        ("0.1", Some(10)),
        ("7", Some(700)),
        ("-0.01", Some(-1)),
        ("-20.5", Some(-2_050)),
        ("100000000.00", Some(10_000_000_000)),
        ("1.234", None),
        ("1.", None),
        (".5", None),
        ("+1", None),
        ("--1", None),
        ("1e3", None),
        ("1,000.00", None),
        (" 1", None),
        ("", None),
        ("-", None),
        ("92233720368547758.08", None),
        ("99999999999999999999", None),
    ];
    for (text, expected) in cases {
        assert_eq!(fen(text).map(Fen::get), expected, "{text:?}");
    }
}

#[test]
fn amounts_in_json_are_texts_or_numbers() {
    #[derive(Deserialize)]
    struct Holder {
        #[serde(deserialize_with = "yuan")]
        a: Fen,
        #[serde(default, deserialize_with = "optional_yuan")]
        b: Option<Fen>,
    }
    let read =
        |json: &str| serde_json::from_str::<Holder>(json).ok().map(|holder| (holder.a.get(), holder.b));
    assert_eq!(read(r#"{"a":"0.29","b":0.29}"#), Some((29, Some(Fen::new(29)))));
    assert_eq!(read(r#"{"a":10,"b":""}"#), Some((1_000, None)));
    assert_eq!(read(r#"{"a":"1.00","b":null}"#), Some((100, None)));
    assert_eq!(read(r#"{"a":"1.00"}"#), Some((100, None)));
    for bad in [r#"{}"#, r#"{"a":""}"#, r#"{"a":"x"}"#, r#"{"a":{}}"#, r#"{"a":1e2}"#] {
        assert_eq!(read(bad), None, "{bad}");
    }
}

#[test]
fn times_are_beijing() {
    let instant_2026: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
    assert_eq!(beijing(instant_2026), "2026-03-01 08:00:00");
    assert_eq!(instant("2026-03-01 08:00:00"), Some(instant_2026));
    assert_eq!(instant("2026-03-01 08:00:00.320"), Some("2026-03-01T00:00:00.32Z".parse().unwrap()));
    for bad in ["", "2026-03-01", "2026-03-01T08:00:00", "2026-02-30 08:00:00", "2026-03-01 08:00:00 x"] {
        assert_eq!(instant(bad), None, "{bad:?}");
    }
}

proptest! {
    #[test]
    fn amounts_survive_the_wire(value in -1_000_000_000_000..1_000_000_000_000_i64) {
        prop_assert_eq!(fen(&Fen::new(value).to_string()), Some(Fen::new(value)));
    }

    #[test]
    fn times_survive_the_wire(second in 0..4_102_444_800_i64) {
        let time = Timestamp::from_second(second).unwrap();
        prop_assert_eq!(instant(&beijing(time)), Some(time));
    }
}
