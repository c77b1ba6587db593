//! One run from beginning to end.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;
use std::time::{Duration, Instant};

use secrecy::SecretString;

use super::book::Book;
use super::books::check_records;
use super::check_balances::check_balances;
use super::check_sessions::check_sessions;
use super::closed_loop::closed_loop;
use super::credentials::Credentials;
use super::discrepancy::Discrepancy;
use super::generator::Generator;
use super::http::{Connection, Target};
use super::meter::Meter;
use super::open_loop::open_loop;
use super::operator::Operator;
use super::planner::Planner;
use super::report::Run;
use super::settle::settle;
use super::{Load, Options, Report, SimulateError};

/// Connections an open loop begins with; more are opened as they are needed.
const OPEN_LOOP_LANES: usize = 4;

/// Plays, asks again where an answer was lost, and checks the books.
pub(super) async fn simulate(options: Options) -> Result<Report, SimulateError> {
    validate(&options)?;
    let mut targets = Vec::new();
    for url in &options.urls {
        targets.push(Target::resolve(url).await?);
    }
    let operators = load_operators(&targets[0], options.api_keys).await?;
    let planner = Planner {
        rng: fastrand::Rng::with_seed(options.seed),
        duplicates: options.duplicates,
        late: options.late,
        players: options.players,
    };
    let now = Instant::now();
    let generator = Rc::new(Generator {
        targets,
        operators,
        planner: RefCell::new(planner),
        book: RefCell::new(Book::default()),
        meter: RefCell::new(Meter::new(now, now)),
        timeout: options.timeout,
        lanes_opened: Cell::new(0),
    });
    play(&generator, options.load, options.warmup, options.duration).await?;
    let settling_requests = settle(&generator).await;
    let book = generator.book.take();
    let discrepancies = check_books(&generator, &book, options.database_url.as_ref()).await?;
    let run = Run {
        load: options.load,
        seed: options.seed,
        settling_requests,
        records_checked: options.database_url.is_some(),
    };
    Ok(Report::new(&generator, &book, &run, &discrepancies))
}

fn validate(options: &Options) -> Result<(), SimulateError> {
    if options.api_keys.is_empty() {
        return Err(SimulateError::NoKeys);
    }
    if options.urls.is_empty() {
        return Err(SimulateError::NoUrl);
    }
    for (name, fraction) in [("duplicates", options.duplicates), ("late", options.late)] {
        if !(0.0..=1.0).contains(&fraction) {
            return Err(SimulateError::Fraction { name });
        }
    }
    if options.warmup >= options.duration {
        return Err(SimulateError::Warmup);
    }
    Ok(())
}

/// The operators of the keys, each once even if several keys are theirs.
async fn load_operators(
    target: &Target,
    api_keys: Vec<SecretString>,
) -> Result<Vec<Operator>, SimulateError> {
    let connection = Connection::open(target).await;
    let mut connection =
        connection.map_err(|source| SimulateError::Connect { url: target.url.clone(), source })?;
    let mut operators = Vec::new();
    let mut known = HashSet::new();
    for (index, api_key) in api_keys.into_iter().enumerate() {
        let credentials = Credentials::new(api_key);
        let operator = Operator::load(target, &mut connection, credentials, index + 1).await?;
        if known.insert(operator.uuid) {
            operators.push(operator);
        }
    }
    Ok(operators)
}

async fn play(
    generator: &Rc<Generator>,
    load: Load,
    warmup: Duration,
    duration: Duration,
) -> Result<(), SimulateError> {
    let lanes_count = match load {
        Load::Closed { connections } => connections.get() as usize,
        Load::Open { connections_max, .. } => OPEN_LOOP_LANES.min(connections_max.get() as usize),
    };
    let mut lanes = Vec::new();
    for _ in 0..lanes_count {
        lanes.push(generator.open_lane().await?);
    }
    let start = Instant::now();
    let until = start + duration;
    generator.meter.replace(Meter::new(start + warmup, until));
    match load {
        Load::Closed { .. } => closed_loop(generator, lanes, until).await,
        Load::Open { per_s, connections_max } => {
            open_loop(generator, lanes, connections_max.get() as usize, per_s, start, until).await?;
        }
    }
    Ok(())
}

async fn check_books(
    generator: &Generator,
    book: &Book,
    database_url: Option<&SecretString>,
) -> Result<Vec<Discrepancy>, SimulateError> {
    let balances_after_fen = fetch_balances(generator).await;
    let mut found = check_sessions(book, &generator.operators);
    found.extend(check_balances(book, &generator.operators, &balances_after_fen));
    if let Some(database_url) = database_url {
        found.extend(check_records(database_url, book, &generator.operators).await?);
    }
    Ok(found)
}

/// The balances now, in the order of the operators; why not, for those that cannot be read.
async fn fetch_balances(generator: &Generator) -> Vec<Result<i64, String>> {
    let target = &generator.targets[0];
    let mut connection = match Connection::open(target).await {
        Ok(connection) => connection,
        Err(error) => return vec![Err(error.to_string()); generator.operators.len()],
    };
    let mut balances_fen = Vec::new();
    for operator in &generator.operators {
        balances_fen.push(operator.fetch_balance(target, &mut connection).await);
    }
    balances_fen
}
