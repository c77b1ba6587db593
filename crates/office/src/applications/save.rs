//! Creating and changing applications. The price has a way of its own.

use base::clock::UtcTime;
use base::ids::AppId;
use base::problem::{ErrorCode, Problem, Text};
use base::validate::Fields;
use money::Fen;
use platform::db::expect_one;
use sqlx::PgConnection;

use super::find::{Application, find_for_update};
use super::price;

/// The largest group an application may allow.
const MAX_PLAYERS: i32 = 100;

/// An application to be made.
#[derive(Clone, Debug)]
pub struct NewApplication {
    pub name: String,
    pub description: String,
    pub unit_price: Fen,
    pub min_players: i32,
    pub max_players: i32,
}

/// What changes; absent fields stay.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    pub name: Option<String>,
    pub description: Option<String>,
    pub min_players: Option<i32>,
    pub max_players: Option<i32>,
    pub is_active: Option<bool>,
}

/// Notes a range of players that is not within 1…100 or upside down, as far as its ends are known.
pub fn check_players(fields: &mut Fields, min_players: Option<i32>, max_players: Option<i32>) {
    let range = Text::new("须为 1 到 100 的整数", "must be from 1 to 100");
    let is_within = |players: i32| (1..=MAX_PLAYERS).contains(&players);
    let is_ordered = min_players.zip(max_players).is_none_or(|(min, max)| min <= max);
    fields
        .check("min_players", min_players.is_none_or(is_within), range.clone())
        .check("max_players", max_players.is_none_or(is_within), range)
        .check("max_players", is_ordered, Text::new("不得小于最少人数", "must not be less than min_players"));
}

/// Makes the application and the first entry of its price history.
///
/// # Errors
/// The database's.
pub async fn create(
    connection: &mut PgConnection,
    new: &NewApplication,
    created_by: &str,
    now: UtcTime,
) -> sqlx::Result<Application> {
    let application = Application {
        id: AppId::generate(now),
        name: new.name.trim().to_owned(),
        description: new.description.trim().to_owned(),
        unit_price: new.unit_price,
        min_players: new.min_players,
        max_players: new.max_players,
        is_active: true,
        created_at: now,
        updated_at: now,
    };
    sqlx::query!(
        "INSERT INTO applications (id, name, description, unit_price_fen, min_players, max_players, is_active,
             created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        application.id.uuid(),
        application.name,
        application.description,
        application.unit_price.get(),
        application.min_players,
        application.max_players,
        application.is_active,
        now as _,
    )
    .execute(&mut *connection)
    .await?;
    price::append(connection, application.id, new.unit_price, created_by, None, now).await?;
    Ok(application)
}

/// Changes the application. Returns it as it was and as it is.
///
/// # Errors
/// `APP_NOT_FOUND`; `INVALID_PARAMS` when the range of players would be upside down; the database's.
pub async fn update(
    connection: &mut PgConnection,
    app_id: AppId,
    changes: Changes,
    now: UtcTime,
) -> Result<(Application, Application), Problem> {
    let before = find_for_update(connection, app_id).await?;
    let before = before.ok_or(ErrorCode::AppNotFound)?;
    let mut after = before.clone();
    after.name = changes.name.map_or(after.name, |name| name.trim().to_owned());
    after.description = changes.description.map_or(after.description, |text| text.trim().to_owned());
    after.min_players = changes.min_players.unwrap_or(after.min_players);
    after.max_players = changes.max_players.unwrap_or(after.max_players);
    after.is_active = changes.is_active.unwrap_or(after.is_active);
    after.updated_at = now;
    let mut fields = Fields::new();
    check_players(&mut fields, Some(after.min_players), Some(after.max_players));
    fields.finish()?;
    let updated = sqlx::query!(
        "UPDATE applications
         SET name = $2, description = $3, min_players = $4, max_players = $5, is_active = $6, updated_at = $7
         WHERE id = $1",
        app_id.uuid(),
        after.name,
        after.description,
        after.min_players,
        after.max_players,
        after.is_active,
        now as _,
    )
    .execute(connection)
    .await?;
    expect_one(&updated)?;
    Ok((before, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn player_ranges_are_within_1_and_100_and_in_order() {
        for (min, max, wrong) in [
            (Some(1), Some(100), &[][..]),
            (Some(4), Some(4), &[]),
            (Some(0), Some(5), &["min_players"]),
            (Some(5), Some(101), &["max_players"]),
            (Some(5), Some(4), &["max_players"]),
            (Some(-1), Some(0), &["min_players", "max_players"]),
            (None, Some(0), &["max_players"]),
            (Some(101), None, &["min_players"]),
            (None, None, &[]),
        ] {
            let mut fields = Fields::new();
            check_players(&mut fields, min, max);
            let problem = fields.finish().err();
            let named: Vec<_> =
                problem.iter().flat_map(Problem::fields).map(|error| error.field.as_str()).collect();
            assert_eq!(named, wrong, "{min:?}…{max:?}");
        }
    }
}
