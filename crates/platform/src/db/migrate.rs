//! Migrations: in the binary, run at start under a lock, reversible.

use std::collections::HashSet;

use sqlx::migrate::{Migrate, MigrateError, Migrator};
use sqlx::{Connection, PgConnection};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// One migration and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    pub version: i64,
    pub description: String,
    pub is_applied: bool,
}

/// Brings the database to the version of this binary. Several instances may call it at once: the migrator holds an
/// advisory lock.
///
/// # Errors
/// The failing migration; a migration that was changed after it ran; a database newer than the binary.
pub async fn up(url: &str) -> Result<(), MigrateError> {
    let mut connection = connect(url).await?;
    MIGRATIONS.run(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// Takes back every migration above `target` (0: all of them).
pub async fn down(url: &str, target: i64) -> Result<(), MigrateError> {
    let mut connection = connect(url).await?;
    MIGRATIONS.undo(&mut connection, target).await?;
    connection.close().await?;
    Ok(())
}

/// All migrations of this binary, in order.
pub async fn status(url: &str) -> Result<Vec<MigrationStatus>, MigrateError> {
    let mut connection = connect(url).await?;
    connection.ensure_migrations_table(&MIGRATIONS.table_name).await?;
    let applied = connection.list_applied_migrations(&MIGRATIONS.table_name).await?;
    let applied: HashSet<i64> = applied.into_iter().map(|migration| migration.version).collect();
    connection.close().await?;
    Ok(MIGRATIONS
        .iter()
        .filter(|migration| migration.migration_type.is_up_migration())
        .map(|migration| MigrationStatus {
            version: migration.version,
            description: migration.description.to_string(),
            is_applied: applied.contains(&migration.version),
        })
        .collect())
}

/// The version a fully migrated database has.
#[must_use]
pub fn latest_version() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

async fn connect(url: &str) -> Result<PgConnection, MigrateError> {
    PgConnection::connect(url).await.map_err(MigrateError::from)
}
