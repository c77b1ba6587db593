//! What the rows of a file were chosen by, for its second sheet and its name.

use base::clock::UtcTime;
use base::problem::{Language, Text};
use jiff::SignedDuration;
use jiff::civil::Date;

use super::cell::time_text;
use super::{Cell, Setting};

/// Filters as they are told to people.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    pub(super) facts: Vec<(Text, Cell)>,
    /// Parts of the file's name that need nothing but ASCII, and those that do.
    pub(super) dates: Vec<String>,
    pub(super) names: Vec<String>,
}

impl Selection {
    /// The range of time. The file's name tells the days that it touches.
    #[must_use]
    pub fn times(mut self, start: Option<UtcTime>, end: Option<UtcTime>, setting: &Setting) -> Self {
        let date = |time: UtcTime| -> Date { time.timestamp().to_zoned(setting.timezone.clone()).date() };
        let last = end.map(|end| date(end.plus(SignedDuration::from_nanos(-1))));
        self.dates = match (start.map(date), last) {
            (Some(first), Some(last)) => vec![first.to_string(), last.to_string()],
            (Some(first), None) => vec![format!("from-{first}")],
            (None, Some(last)) => vec![format!("to-{last}")],
            (None, None) => Vec::new(),
        };
        if let Some(start) = start {
            self = self
                .fact(Text::new("开始时间（含）", "From (inclusive)"), time_text(start, &setting.timezone));
        }
        if let Some(end) = end {
            self = self
                .fact(Text::new("结束时间（不含）", "Until (exclusive)"), time_text(end, &setting.timezone));
        }
        self
    }

    /// Something that is told on the second sheet only.
    #[must_use]
    pub fn fact(mut self, label: Text, value: impl Into<Cell>) -> Self {
        self.facts.push((label, value.into()));
        self
    }

    /// A filter in words, on the second sheet and in the file's name.
    #[must_use]
    pub fn word(mut self, label: Text, word: &Text, language: Language) -> Self {
        let word = word.in_language(language).to_owned();
        self.names.push(word.clone());
        self.fact(label, word)
    }

    /// The things that a filter names: `(id, name)`. Ids that name nothing select nothing, and are told without a name.
    #[must_use]
    pub fn things(mut self, label: &Text, things: &[(String, Option<String>)], language: Language) -> Self {
        for (id, name) in things {
            let told = name.as_ref().map_or_else(|| id.clone(), |name| format!("{name} ({id})"));
            self = self.fact(label.clone(), told);
        }
        match things {
            [] | [(_, None)] => {}
            [(_, Some(name))] => self.names.push(name.clone()),
            several => self.names.push(format!("{}×{}", label.in_language(language), several.len())),
        }
        self
    }
}
