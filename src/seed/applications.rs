//! Applications that are granted to the operators of load tests.

use base::clock::UtcTime;
use base::ids::AppId;
use sqlx::PgConnection;

use super::operators::ACTOR;

/// Name, price in fen, fewest and most players.
const GAMES: [(&str, i64, i32, i32); 20] = [
    ("太空探险", 1_000, 2, 8),
    ("星际战争", 1_200, 2, 6),
    ("深海迷踪", 1_500, 1, 4),
    ("丛林法则", 800, 2, 10),
    ("末日方舟", 1_800, 4, 8),
    ("机甲对决", 2_000, 2, 2),
    ("古墓寻宝", 1_300, 3, 6),
    ("冰原求生", 900, 1, 6),
    ("极速飞车", 600, 1, 8),
    ("僵尸围城", 1_600, 2, 8),
    ("魔法学院", 1_100, 2, 6),
    ("恐龙岛", 1_000, 1, 10),
    ("海盗传说", 1_400, 3, 8),
    ("云端之城", 1_700, 2, 4),
    ("密室逃脱", 1_900, 4, 6),
    ("节奏光剑", 500, 1, 2),
    ("龙骑士", 1_500, 2, 8),
    ("时空列车", 1_200, 2, 12),
    ("火星基地", 2_200, 4, 10),
    ("武林大会", 700, 2, 30),
];

/// The applications on the shelf that were created first; what is missing is created.
///
/// # Errors
/// The database's.
pub async fn on_the_shelf(
    connection: &mut PgConnection,
    wanted: u32,
    now: UtcTime,
) -> sqlx::Result<Vec<AppId>> {
    let mut apps = sqlx::query_scalar!(
        r#"SELECT id AS "id: AppId" FROM applications WHERE is_active ORDER BY created_at, name, id LIMIT $1"#,
        i64::from(wanted),
    )
    .fetch_all(&mut *connection)
    .await?;
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    for game in GAMES.iter().take(wanted).skip(apps.len()) {
        apps.push(create(connection, *game, now).await?);
    }
    Ok(apps)
}

async fn create(
    connection: &mut PgConnection,
    (name, price_fen, min_players, max_players): (&str, i64, i32, i32),
    now: UtcTime,
) -> sqlx::Result<AppId> {
    let app_id = AppId::generate(now);
    sqlx::query!(
        "WITH app AS (
             INSERT INTO applications (id, name, unit_price_fen, min_players, max_players, created_at, updated_at)
             VALUES ($1, $5, $6, $7, $8, $3, $3))
         INSERT INTO application_prices (app_id, id, unit_price_fen, effective_at, changed_by)
         VALUES ($1, $2, $6, $3, $4)",
        app_id.uuid(),
        AppId::generate(now).uuid(),
        now as _,
        ACTOR,
        name,
        price_fen,
        min_players,
        max_players,
    )
    .execute(connection)
    .await?;
    Ok(app_id)
}
