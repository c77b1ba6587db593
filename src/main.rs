//! The `coinslot` command.

use std::process::ExitCode;

use anyhow::Context;
use api::router;
use base::clock::Clock;
use base::paging::PageRequest;
use books::ledger;
use clap::{Parser, Subcommand};
use coinslot::args::ServeArgs;
use coinslot::demo;
use coinslot::seed::{self, SeedArgs};
use coinslot::serve::{self, CommandDatabase};
use money::Fen;
use office::audit;
use office::key_rotation::rotate;
use office::statistics::rollups;
use platform::config::{DatabaseArgs, load_cipher};
use platform::db;
use platform::email::{self, EmailStatus};
use platform::security::password::Passwords;
use sqlx::{Connection, Executor, PgConnection};

/// With the C library's allocator a quarter of the server's time under load was spent in that library.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    Serve(Box<ServeArgs>),
    /// Bring the database to this version, or take migrations back.
    Migrate {
        #[command(subcommand)]
        direction: Migrate,
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// Recompute the books and name the first break.
    Verify(DatabaseArgs),
    /// Work on the sums over the usage records.
    Rollups {
        #[command(subcommand)]
        what: Rollups,
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// Look at the e-mails.
    Email {
        #[command(subcommand)]
        what: Email,
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// Work on the master key.
    Keys {
        #[command(subcommand)]
        what: Keys,
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// Add operators for load tests, or a believable past for screenshots and trials.
    Seed {
        #[command(flatten)]
        what: SeedArgs,
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
enum Email {
    /// List e-mails, newest first, and what became of them.
    List {
        /// Only those that are pending, sent or failed.
        #[arg(long)]
        status: Option<EmailStatus>,
        /// How many at most.
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..))]
        limit: i64,
    },
}

#[derive(Debug, Subcommand)]
enum Rollups {
    /// Throw the sums away and make them again from the records. The server may be running; figures stay exact.
    Rebuild,
}

#[derive(Debug, Subcommand)]
enum Keys {
    /// Seal every secret again under MASTER_ENCRYPTION_KEY; the old key stands in MASTER_ENCRYPTION_KEY_PREVIOUS.
    Rotate,
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
        Command::Serve(args) => serve::run(*args).await?,
        Command::Migrate { direction, database } => migrate(direction, &database).await?,
        Command::Verify(database) => verify_books(&database).await?,
        Command::Rollups { what: Rollups::Rebuild, database } => rebuild_rollups(&database).await?,
        Command::Email { what: Email::List { status, limit }, database } => {
            list_emails(status, limit, &database).await?;
        }
        Command::Keys { what: Keys::Rotate, database } => rotate_keys(&database).await?,
        Command::Seed { what, database } => seed_database(&what, &database).await?,
        Command::Simulate { what: Simulate::Authorize(args) } => {
            let report = tokio::task::spawn_blocking(move || args.execute()).await??;
            return Ok(if report.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
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

async fn verify_books(args: &DatabaseArgs) -> anyhow::Result<()> {
    let database = CommandDatabase::open_or_join(args).await?;
    let verified = async {
        let mut connection = PgConnection::connect(database.url()).await?;
        let books = ledger::verify::verify(&mut connection).await?;
        let audit_rows =
            audit::verify(&mut connection).await?.map_err(|broken| anyhow::anyhow!("audit log: {broken}"))?;
        let summed = rollups::verify(&mut connection).await?;
        anyhow::Ok((books, audit_rows, summed))
    };
    let verified = verified.await;
    database.close().await?;
    let (books, audit_rows, summed) = verified.context("not in order")?;
    print(&format!(
        "{} operators, {} charges ({summed} in the sums), {} movements, {audit_rows} audit rows: in order",
        books.operators, books.charges, books.movements
    ))?;
    for (account, balance_fen) in &books.book_balances {
        print(&format!("{:>20} {:>20}", account.into_str(), Fen::new(*balance_fen).to_string()))?;
    }
    Ok(())
}

async fn rebuild_rollups(args: &DatabaseArgs) -> anyhow::Result<()> {
    let database = CommandDatabase::open_or_join(args).await?;
    let rebuilt = async {
        let mut connection = PgConnection::connect(database.url()).await?;
        connection.execute(db::SESSION_SETUP).await?;
        let rebuilt = rollups::rebuild(&mut connection).await;
        rebuilt.map_err(|problem| anyhow::anyhow!("{}", problem.reason()))
    };
    let rebuilt = rebuilt.await;
    database.close().await?;
    print(&format!("{} usage records summed", rebuilt?))?;
    Ok(())
}

async fn list_emails(status: Option<EmailStatus>, limit: i64, args: &DatabaseArgs) -> anyhow::Result<()> {
    let database = CommandDatabase::open_or_join(args).await?;
    let listed = async {
        let mut connection = PgConnection::connect(database.url()).await?;
        let page = PageRequest { page: 1, page_size: limit };
        anyhow::Ok(email::list(&mut connection, status, page).await?)
    };
    let listed = listed.await;
    database.close().await?;
    let (total, emails) = listed?;
    for email in &emails {
        let status = email.status.into_str();
        let error = email.last_error.as_deref().unwrap_or("").replace(['\r', '\n'], " ");
        print(&format!(
            "{} {} {status:<7} {:>2} {} {} {error}",
            email.id, email.created_at, email.attempts, email.recipient, email.subject
        ))?;
    }
    print(&format!("{} of {total} e-mails", emails.len()))?;
    Ok(())
}

async fn rotate_keys(args: &DatabaseArgs) -> anyhow::Result<()> {
    let database = CommandDatabase::open_or_join(args).await?;
    let rotated = async {
        let cipher = load_cipher(args)?;
        let mut connection = PgConnection::connect(database.url()).await?;
        let rotated = rotate(&mut connection, &cipher).await;
        rotated.map_err(|problem| anyhow::anyhow!("{}", problem.reason()))
    };
    let rotated = rotated.await;
    database.close().await?;
    print(&format!("{} secrets sealed again; keep the previous key for a day", rotated?))?;
    Ok(())
}

async fn seed_database(what: &SeedArgs, args: &DatabaseArgs) -> anyhow::Result<()> {
    let database = CommandDatabase::open_or_join(args).await?;
    let seeded = async {
        db::migrate::up(database.url()).await.context("migrating the database")?;
        let cipher = load_cipher(args)?;
        let password_hash = Passwords::default().hash(demo::OPERATOR_PASSWORD).await;
        let password_hash =
            password_hash.map_err(|problem| anyhow::anyhow!("{}", problem.code().as_str()))?;
        let shared = seed::Shared { cipher: &cipher, clock: &Clock::system(), password_hash: &password_hash };
        anyhow::Ok(seed::run(what, &database.url().parse()?, &shared).await?)
    };
    let seeded = seeded.await;
    database.close().await?;
    let seeded = seeded?;
    print(&format!(
        "{} operators and {} usage records added; {} operators could get no past",
        seeded.operators, seeded.usage_records, seeded.operators_without_past
    ))?;
    Ok(())
}

async fn print_status(url: &str) -> anyhow::Result<()> {
    for migration in db::migrate::status(url).await? {
        let state = if migration.is_applied { "applied" } else { "missing" };
        print(&format!("{:04} {state} {}", migration.version, migration.description))?;
    }
    Ok(())
}

fn print(line: &str) -> std::io::Result<()> {
    use std::io::Write;
    writeln!(std::io::stdout().lock(), "{line}")
}
