//! docs/ERRORS.md says what the code does.

use api::http::rejection::status;
use base::problem::ErrorCode;

#[test]
fn the_documented_codes_and_statuses_are_those_of_the_code() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/ERRORS.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let documented: Vec<(String, u16)> = rows
        .map(|row| {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            assert!(cells[3].len() > 5 && cells[4].len() > 3, "{row}");
            (cells[1].trim_matches('`').to_owned(), cells[2].parse().unwrap())
        })
        .collect();
    let code: Vec<(String, u16)> =
        ErrorCode::ALL.iter().map(|code| (code.as_str().to_owned(), status(*code).as_u16())).collect();
    let sorted = |mut list: Vec<(String, u16)>| {
        list.sort();
        list
    };
    assert_eq!(sorted(documented), sorted(code));
}
