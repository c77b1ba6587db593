//! The demo data of the documentation, added once.

use api::app::App;
use base::clock::UtcTime;
use base::ids::OperatorId;
use base::problem::Problem;
use jiff::SignedDuration;
use money::Fen;
use office::applications::{self, NewApplication};
use office::grants::{self, NewGrant};
use office::operators::{self, Category, NewOperator};
use office::sites::{self, NewSite};
use office::staff::{self, NewStaff, StaffRole};
use platform::security::roles::{AdminRole, FinanceRole};
use platform::settings;
use sqlx::PgConnection;

/// Password of the demo operators, and of the operators that `coinslot seed` makes.
pub const OPERATOR_PASSWORD: &str = "Operator12345";

/// The operators opened this long ago, so that `coinslot seed --history` has room for a past: the ledger only grows at
/// its end.
const OPENED_DAYS_AGO: i64 = 400;

/// Who gave what, in the demo data.
const DEMO: &str = "demo";

const STAFF: &[(StaffRole, &str, &str, &str)] = &[
    (StaffRole::Admin(AdminRole::SuperAdmin), "admin", "Admin12345", "系统管理员"),
    (StaffRole::Admin(AdminRole::Operator), "support", "Support12345", "客服"),
    (StaffRole::Finance(FinanceRole::Manager), "finance", "Finance12345", "财务经理"),
    (StaffRole::Finance(FinanceRole::Auditor), "auditor", "Auditor12345", "审计"),
    (StaffRole::Analyst, "analyst", "Analyst12345", "数据分析师"),
];

/// Who issues the invoices, so that the first one is complete.
const ISSUER: [(&str, &str); 5] = [
    ("invoice_issuer_name", "幻境互动科技（演示）有限公司"),
    ("invoice_issuer_tax_id", "91110000DEMO00001X"),
    ("invoice_issuer_address", "北京市海淀区中关村大街1号"),
    ("invoice_issuer_phone", "010-12345678"),
    ("invoice_issuer_bank_account", "演示银行北京分行 110000000001"),
];

/// Demo passwords, hashed before the transaction.
struct Hashes {
    staff: Vec<String>,
    operator: String,
}

/// Adds the accounts, applications, sites, the grant and the issuer of invoices that are not there yet. Safe on several instances at once.
///
/// # Errors
/// The database's.
pub async fn insert(app: &App) -> Result<(), Problem> {
    if is_inserted(&mut *app.database().acquire().await?).await? {
        return Ok(());
    }
    let hashes = hash_passwords(app).await?;
    let mut transaction = app.database().begin().await?;
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtext('coinslot demo'))")
        .fetch_one(&mut *transaction)
        .await?;
    if is_inserted(&mut transaction).await? {
        return Ok(());
    }
    let now = app.clock().now();
    for ((role, username, _, name), password_hash) in STAFF.iter().zip(&hashes.staff) {
        let new = NewStaff { role: *role, username, password_hash, name };
        // An account of this name that is there already keeps its password.
        staff::insert(&mut transaction, &new, now).await?;
    }
    let opened_at = now.plus(SignedDuration::from_hours(-24 * OPENED_DAYS_AGO));
    insert_operators(&mut transaction, app, &hashes.operator, opened_at).await?;
    let issuer = ISSUER.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect();
    settings::update(&mut transaction, &issuer, DEMO, now).await?;
    transaction.commit().await?;
    app.settings_store().refresh(&mut *app.database().acquire().await?).await?;
    tracing::info!("demo data added");
    Ok(())
}

/// Everything is added in one transaction, so the first operator stands for all.
async fn is_inserted(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM operators WHERE lower(username) = 'operator1') as "exists!""#
    )
    .fetch_one(connection)
    .await
}

async fn hash_passwords(app: &App) -> Result<Hashes, Problem> {
    let mut staff = Vec::with_capacity(STAFF.len());
    for (_, _, password, _) in STAFF {
        staff.push(app.passwords().hash(password).await?);
    }
    let operator = app.passwords().hash(OPERATOR_PASSWORD).await?;
    Ok(Hashes { staff, operator })
}

async fn insert_operators(
    connection: &mut PgConnection,
    app: &App,
    password_hash: &str,
    now: UtcTime,
) -> Result<(), Problem> {
    // A millisecond apart, so that lists show them in this order.
    let at = |step_ms| now.plus(SignedDuration::from_millis(step_ms));
    let space = insert_application(connection, "太空探险", 1_000, 2, 8, at(-3)).await?;
    insert_application(connection, "星际战争", 1_200, 2, 6, at(-2)).await?;

    let first = new_operator("operator1", "梦境互动娱乐", Category::Normal, Fen::new(100_000), password_hash);
    let first = operators::register(connection, app.cipher(), first, at(-2)).await?.operator_id;
    insert_site(connection, first, "北京朝阳店", "北京市朝阳区建国路88号", at(-1)).await?;
    insert_site(connection, first, "上海徐汇店", "上海市徐汇区漕溪北路1200号", now).await?;
    let grant = NewGrant {
        operator_id: first,
        app_id: space.id,
        expires_at: None,
        note: None,
        authorized_by: DEMO.to_owned(),
    };
    grants::give(connection, &grant, now).await?;

    let second = new_operator("operator2", "星光体验馆", Category::Trial, Fen::ZERO, password_hash);
    let second = operators::register(connection, app.cipher(), second, now).await?.operator_id;
    insert_site(connection, second, "广州天河店", "广州市天河区体育西路101号", now).await?;
    Ok(())
}

fn new_operator(
    username: &str,
    name: &str,
    category: Category,
    initial_balance: Fen,
    password_hash: &str,
) -> NewOperator {
    NewOperator {
        username: username.to_owned(),
        password_hash: password_hash.to_owned(),
        name: name.to_owned(),
        phone: "13800138000".to_owned(),
        email: format!("{username}@example.com"),
        category,
        initial_balance,
        created_by: Some(DEMO.to_owned()),
    }
}

async fn insert_application(
    connection: &mut PgConnection,
    name: &str,
    price_fen: i64,
    min_players: i32,
    max_players: i32,
    now: UtcTime,
) -> sqlx::Result<applications::Application> {
    let new = NewApplication {
        name: name.to_owned(),
        description: String::new(),
        unit_price: Fen::new(price_fen),
        min_players,
        max_players,
    };
    applications::create(connection, &new, DEMO, now).await
}

async fn insert_site(
    connection: &mut PgConnection,
    operator_id: OperatorId,
    name: &str,
    address: &str,
    now: UtcTime,
) -> sqlx::Result<()> {
    let new = NewSite { name: name.to_owned(), address: address.to_owned(), description: String::new() };
    sites::create(connection, operator_id, new, now).await.map(drop)
}
