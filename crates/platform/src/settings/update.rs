//! Changing settings: all of the request or nothing of it.

use std::collections::BTreeMap;

use base::clock::UtcTime;
use base::problem::{FieldError, Problem, Text};
use money::Fen;
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{DEFINITIONS, Definition, SettingError, Settings, find};

/// A setting with its definition and its value now.
#[derive(Clone, Debug)]
pub struct Setting {
    pub definition: &'static Definition,
    pub value: Value,
    pub is_editable: bool,
    pub updated_at: UtcTime,
    pub updated_by: Option<String>,
}

/// The values before and after, of the keys that were sent.
#[derive(Clone, Debug)]
pub struct Changed {
    pub before: Value,
    pub after: Value,
}

/// Every setting, in the order of the definitions.
///
/// # Errors
/// The database's.
pub async fn list(connection: &mut PgConnection) -> sqlx::Result<Vec<Setting>> {
    let rows = sqlx::query!("SELECT key, value, is_editable, updated_at, updated_by FROM system_configs")
        .fetch_all(connection)
        .await?;
    let mut rows: BTreeMap<String, _> = rows.into_iter().map(|row| (row.key.clone(), row)).collect();
    let known = DEFINITIONS.iter().filter_map(|definition| {
        let row = rows.remove(definition.key)?;
        Some(Setting {
            definition,
            value: row.value,
            is_editable: row.is_editable,
            updated_at: row.updated_at,
            updated_by: row.updated_by,
        })
    });
    Ok(known.collect())
}

/// Names every key that does not exist and every value that does not fit.
///
/// # Errors
/// `INVALID_PARAMS`.
pub fn check(values: &BTreeMap<String, Value>) -> Result<(), Problem> {
    let wrong: Vec<FieldError> = values
        .iter()
        .filter_map(|(key, value)| {
            let text = match find(key) {
                None => Text::new("没有该配置项", "there is no such setting"),
                Some(definition) => match definition.check(value) {
                    Ok(()) => return None,
                    Err(_) => expectation(definition),
                },
            };
            let field = key.clone();
            Some(FieldError { field, text })
        })
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(Problem::invalid_fields(wrong)) }
}

fn expectation(definition: &Definition) -> Text {
    let (zh, en) = definition.expectation();
    Text::owned(zh, en)
}

/// Writes the values in the caller's transaction. They are in force on this instance when the caller refreshes the
/// store after the commit, on the others within seconds.
///
/// # Errors
/// `INVALID_PARAMS` for values that contradict one another or a setting that cannot be edited; the database's.
pub async fn update(
    connection: &mut PgConnection,
    values: &BTreeMap<String, Value>,
    updated_by: &str,
    now: UtcTime,
) -> Result<Changed, Problem> {
    check(values)?;
    // All rows: values that are checked against one another must not change one by one.
    let rows = sqlx::query!("SELECT key, value, is_editable FROM system_configs ORDER BY key FOR UPDATE")
        .fetch_all(&mut *connection)
        .await?;
    let mut before = BTreeMap::new();
    for row in rows {
        if !row.is_editable && values.contains_key(&row.key) {
            let text = Text::new("该配置项不可修改", "this setting cannot be edited");
            return Err(Problem::invalid_field(row.key, text));
        }
        before.insert(row.key, row.value);
    }
    let values = normalized(values);
    let value_of = |key: &str| values.get(key).or_else(|| before.get(key)).cloned();
    check_together(&Settings::read(value_of).map_err(unreadable)?, |key| values.contains_key(key))?;
    for (key, value) in &values {
        let updated = sqlx::query!(
            "UPDATE system_configs SET value = $2, updated_at = $3, updated_by = $4 WHERE key = $1",
            key,
            value,
            now as _,
            updated_by,
        )
        .execute(&mut *connection)
        .await?;
        if updated.rows_affected() != 1 {
            return Err(Problem::internal(format!("setting {key} has no row")));
        }
    }
    before.retain(|key, _| values.contains_key(key));
    Ok(Changed { before: json!(before), after: json!(values) })
}

fn unreadable(error: SettingError) -> Problem {
    Problem::internal(error)
}

/// The values in the form in which they are kept.
fn normalized(values: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let normalized = values.iter().map(|(key, value)| {
        let value = find(key).map_or_else(|| value.clone(), |definition| definition.normalized(value));
        (key.clone(), value)
    });
    normalized.collect()
}

/// Values that each fit but make no sense together. The one that was sent is named; the lower one, if both were.
fn check_together(settings: &Settings, was_sent: impl Fn(&str) -> bool) -> Result<(), Problem> {
    let in_order = |lower_key: &str, lower: Fen, upper_key: &str, upper: Fen| {
        if lower <= upper {
            return Ok(());
        }
        if was_sent(lower_key) {
            let text = Text::owned(format!("不得大于 {upper_key}"), format!("must not be above {upper_key}"));
            return Err(Problem::invalid_field(lower_key, text));
        }
        let text = Text::owned(format!("不得小于 {lower_key}"), format!("must not be below {lower_key}"));
        Err(Problem::invalid_field(upper_key, text))
    };
    in_order("recharge_min", settings.recharge_min, "recharge_max", settings.recharge_max)?;
    in_order(
        "standard_tier_monthly_threshold",
        settings.standard_tier_monthly_threshold,
        "vip_tier_monthly_threshold",
        settings.vip_tier_monthly_threshold,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong_keys(values: &Value) -> Vec<String> {
        let values = serde_json::from_value(values.clone()).unwrap();
        let problem = check(&values).err();
        problem.iter().flat_map(Problem::fields).map(|error| error.field.clone()).collect()
    }

    #[test]
    fn every_unknown_key_and_wrong_value_is_named() {
        assert!(wrong_keys(&json!({"rate_limit_per_minute": 20, "recharge_min": "5"})).is_empty());
        assert_eq!(
            wrong_keys(&json!({"no_such": 1, "rate_limit_per_minute": "20", "recharge_min": 5})),
            ["no_such", "rate_limit_per_minute", "recharge_min"]
        );
    }

    #[test]
    fn limits_that_cross_are_refused() {
        let read = |key: &'static str, value: Value| {
            Settings::read(move |asked| (asked == key).then(|| value.clone())).unwrap()
        };
        let wrong = |key: &'static str, value: &str| {
            let problem = check_together(&read(key, json!(value)), |sent| sent == key).unwrap_err();
            problem.fields()[0].field.clone()
        };
        assert!(check_together(&Settings::defaults(), |_| true).is_ok());
        for (key, value) in [
            ("recharge_min", "10000.01"),
            ("recharge_max", "9.99"),
            ("standard_tier_monthly_threshold", "10000.01"),
            ("vip_tier_monthly_threshold", "999.99"),
        ] {
            assert_eq!(wrong(key, value), key);
        }
    }
}
