//! What a file is called when it is saved.

use base::problem::Language;

use super::{Format, Setting, Table};

/// Longer names of sites and the like are cut.
const MAX_PART_CHARS: usize = 30;

/// The value of `Content-Disposition`: a name in ASCII for old clients, and the full one as RFC 6266 and 8187 write it.
#[must_use]
pub fn content_disposition(table: &Table, setting: &Setting, format: Format) -> String {
    let selection = &table.selection;
    let slug = table.name.en.to_lowercase().replace(' ', "-");
    let extension = format.extension();
    let plain = parts([slug.as_str()].into_iter().chain(selection.dates.iter().map(String::as_str)));
    let name = match setting.language {
        Language::Zh => table.name.zh.as_ref(),
        Language::En => slug.as_str(),
    };
    let told = [name].into_iter().chain(selection.dates.iter().chain(&selection.names).map(String::as_str));
    let full = encoded(&parts(told));
    format!("attachment; filename=\"{plain}.{extension}\"; filename*=UTF-8''{full}.{extension}")
}

fn parts<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    parts.map(cleaned).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

/// Without what some system does not allow in the name of a file.
fn cleaned(part: &str) -> String {
    let allowed = |c: &char| !c.is_control() && !r#"/\:*?"<>|"#.contains(*c);
    let kept: String = part.chars().filter(allowed).take(MAX_PART_CHARS).collect();
    kept.trim_matches([' ', '.']).to_owned()
}

/// RFC 8187: everything but letters, digits and a few signs as the bytes of UTF-8.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::exports::Selection;
    use base::clock::UtcTime;
    use base::problem::Text;

    fn name(language: Language, selection: impl FnOnce(&Setting) -> Selection) -> String {
        let timezone = TimeZone::get("Asia/Shanghai").unwrap();
        let made_at = UtcTime::from_millis(0).unwrap();
        let setting = Setting { language, timezone, made_at, trace_id: String::new() };
        let table = Table {
            name: Text::new("使用记录", "Usage records"),
            columns: Vec::new(),
            selection: selection(&setting),
            sums_by: None,
            total_rows: 0,
        };
        content_disposition(&table, &setting, Format::Xlsx)
    }

    fn at(text: &str) -> Option<UtcTime> {
        serde_json::from_str(&format!("\"{text}\"")).unwrap()
    }

    #[test]
    fn a_file_is_named_after_what_it_holds() {
        let site = [("site_1".to_owned(), Some("北京朝阳店".to_owned()))];
        let found = name(Language::Zh, |setting| {
            let (start, end) = (at("2026-09-30T16:00:00Z"), at("2026-10-31T16:00:00Z"));
            Selection::default().times(start, end, setting).things(
                &Text::new("运营点", "Site"),
                &site,
                Language::Zh,
            )
        });
        assert_eq!(
            found,
            "attachment; filename=\"usage-records_2026-10-01_2026-10-31.xlsx\"; filename*=UTF-8''\
             %E4%BD%BF%E7%94%A8%E8%AE%B0%E5%BD%95_2026-10-01_2026-10-31_\
             %E5%8C%97%E4%BA%AC%E6%9C%9D%E9%98%B3%E5%BA%97.xlsx"
        );
    }

    #[test]
    fn a_name_that_somebody_chose_ends_neither_the_header_nor_the_path() {
        let site = [("site_1".to_owned(), Some("../a\"b;\r\nX: y%'é".to_owned()))];
        let found = name(Language::En, |setting| {
            let selection = Selection::default().times(at("2026-10-01T00:00:00Z"), None, setting);
            selection.things(&Text::new("运营点", "Site"), &site, Language::En)
        });
        assert_eq!(
            found,
            "attachment; filename=\"usage-records_from-2026-10-01.xlsx\"; \
             filename*=UTF-8''usage-records_from-2026-10-01_ab%3BX%20y%25%27%C3%A9.xlsx"
        );
    }
}
