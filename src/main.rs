//! The `coinslot` command.

use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use coinslot::config::{DatabaseArgs, ServeArgs};
use coinslot::serve::CommandDatabase;
use coinslot::{db, router, serve, simulate};

/// Operations platform for mixed-reality game venues.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the platform.
    Serve(ServeArgs),
    /// Bring the database to this version, or take migrations back.
    Migrate {
        #[command(subcommand)]
        direction: Migrate,
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// Play headset servers and check the books afterwards.
    Simulate {
        #[command(subcommand)]
        what: Simulate,
    },
    /// Print the OpenAPI document.
    Openapi,
}

#[derive(Debug, Subcommand)]
enum Migrate {
    /// Apply what is missing.
    Up,
    /// Take back every migration above the given version.
    Down {
        #[arg(long)]
        to: i64,
    },
    /// List the migrations and whether they are applied.
    Status,
}

#[derive(Debug, Subcommand)]
enum Simulate {
    /// Ask for authorizations.
    Authorize(Box<simulate::AuthorizeArgs>),
}

fn main() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    // The database works beside us on the same cores; half of them for request handling is what both do best with.
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads((cores / 2).max(1))
        .enable_all()
        .build()?;
    runtime.block_on(run(cli.command))
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(args) => serve::run(args).await?,
        Command::Migrate { direction, database } => migrate(direction, &database).await?,
        Command::Simulate {
            what: Simulate::Authorize(args),
        } => {
            let report = tokio::task::spawn_blocking(move || args.execute()).await??;
            return Ok(if report.passed() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            });
        }
        Command::Openapi => print(&router::openapi().to_pretty_json()?)?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn migrate(direction: Migrate, args: &DatabaseArgs) -> anyhow::Result<()> {
    let database = CommandDatabase::open(args).await?;
    let url = database.url();
    let done = match direction {
        Migrate::Up => db::migrate::up(url).await.context("migrating up"),
        Migrate::Down { to } => db::migrate::down(url, to).await.context("migrating down"),
        Migrate::Status => print_status(url).await,
    };
    let closed = database.close().await;
    done.and(closed)
}

async fn print_status(url: &str) -> anyhow::Result<()> {
    for migration in db::migrate::status(url).await? {
        let state = if migration.is_applied {
            "applied"
        } else {
            "missing"
        };
        print(&format!(
            "{:04} {state} {}",
            migration.version, migration.description
        ))?;
    }
    Ok(())
}

fn print(line: &str) -> std::io::Result<()> {
    use std::io::Write;
    writeln!(std::io::stdout().lock(), "{line}")
}
