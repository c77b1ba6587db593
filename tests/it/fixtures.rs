//! Operators, sites, applications and grants to test with.

use api::app::App;
use base::clock::UtcTime;
use base::ids::{AppId, GrantId, OperatorId, OrderId, SiteId};
use books::ledger::{self, MovementCause, MovementOrder};
use jiff::SignedDuration;
use money::Fen;
use office::applications::{self, NewApplication};
use office::operators::{self, Category, NewOperator};
use office::payments::providers::{Payment, PaymentMethod, Returned};
use office::sites::NewSite;
use platform::security::jwt::{Claims, Role};

pub(crate) const PASSWORD: &str = "Operator12345";

pub(crate) struct Operator {
    pub(crate) id: OperatorId,
    pub(crate) token: String,
    pub(crate) api_key: String,
}

/// A hash of `PASSWORD` with parameters that cost a test nothing.
pub(crate) fn password_hash() -> String {
    use argon2::PasswordHasher;
    let params = argon2::Params::new(8, 1, 1, None).unwrap();
    let argon = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    argon.hash_password(PASSWORD.as_bytes()).unwrap().to_string()
}

/// An operator of category `normal` with nothing, signed in.
pub(crate) async fn operator(app: &App, username: &str) -> Operator {
    operator_at(app, username, app.clock().now()).await
}

pub(crate) async fn operator_at(app: &App, username: &str, opened_at: UtcTime) -> Operator {
    let mut transaction = app.database().begin().await.unwrap();
    let new = NewOperator {
        username: username.to_owned(),
        password_hash: password_hash(),
        name: "测试运营商".to_owned(),
        phone: "13800138000".to_owned(),
        email: "test@example.com".to_owned(),
        category: Category::Normal,
        initial_balance: Fen::ZERO,
        created_by: None,
    };
    let registered = operators::register(&mut transaction, app.cipher(), new, opened_at).await.unwrap();
    let id = registered.operator_id;
    let token = token(&mut transaction, app, id.to_string(), id.uuid(), Role::Operator).await;
    transaction.commit().await.unwrap();
    Operator { id, token, api_key: registered.api_key }
}

pub(crate) async fn token(
    connection: &mut sqlx::PgConnection,
    app: &App,
    subject: String,
    subject_id: uuid::Uuid,
    role: Role,
) -> String {
    let now = app.clock().now();
    let expires_at = now.plus(SignedDuration::from_hours(1));
    let jti = uuid::Uuid::new_v4();
    sqlx::query(
        "INSERT INTO access_tokens (jti, subject_id, role, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(jti)
    .bind(subject_id)
    .bind(role.into_str())
    .bind(now)
    .bind(expires_at)
    .execute(connection)
    .await
    .unwrap();
    let claims = Claims { sub: subject, role, iat: now.as_seconds(), exp: expires_at.as_seconds(), jti };
    app.jwt().sign(&claims).unwrap()
}

pub(crate) async fn site(app: &App, operator_id: OperatorId, name: &str) -> SiteId {
    let mut connection = app.database().acquire().await.unwrap();
    let new =
        NewSite { name: name.to_owned(), address: "朝阳路 1 号".to_owned(), description: String::new() };
    office::sites::create(&mut connection, operator_id, new, app.clock().now()).await.unwrap().id
}

/// An application for 2 to 8 players.
pub(crate) async fn application(app: &App, name: &str, price_fen: i64) -> AppId {
    let mut connection = app.database().acquire().await.unwrap();
    let new = NewApplication {
        name: name.to_owned(),
        description: String::new(),
        unit_price: Fen::new(price_fen),
        min_players: 2,
        max_players: 8,
    };
    applications::create(&mut connection, &new, "test", app.clock().now()).await.unwrap().id
}

/// A grant; its expiry may lie in the past.
pub(crate) async fn grant(app: &App, operator_id: OperatorId, app_id: AppId, expires_at: Option<UtcTime>) {
    let mut connection = app.database().acquire().await.unwrap();
    let now = app.clock().now();
    sqlx::query(
        "INSERT INTO grants (operator_id, id, app_id, authorized_at, authorized_by, expires_at)
         VALUES ($1, $2, $3, $4, 'test', $5)",
    )
    .bind(operator_id)
    .bind(GrantId::generate(now))
    .bind(app_id)
    .bind(now)
    .bind(expires_at)
    .execute(&mut *connection)
    .await
    .unwrap();
}

/// Adds to a balance by an adjustment.
pub(crate) async fn adjust(app: &App, operator_id: OperatorId, amount_fen: i64, at: UtcTime) {
    let mut transaction = app.database().begin().await.unwrap();
    let mut account = ledger::lock_account(&mut transaction, operator_id).await.unwrap().unwrap();
    let order = MovementOrder::new(MovementCause::CreditAdjustment, Fen::new(amount_fen));
    ledger::post(&mut transaction, &mut account, order, at).await.unwrap();
    transaction.commit().await.unwrap();
}

/// A paid top-up through WeChat Pay: the order and its entry.
pub(crate) async fn top_up(app: &App, operator_id: OperatorId, amount_fen: i64) -> OrderId {
    let now = app.clock().now();
    let order_id = OrderId::generate(now);
    let payment = Payment {
        transaction_id: order_id.to_string(),
        amount: Fen::new(amount_fen),
        returned: Returned::Nothing,
        paid_at: now,
    };
    credit(app, operator_id, PaymentMethod::Wechat, order_id, &payment).await;
    order_id
}

/// Writes an order that was paid, and the entry that credits it.
pub(crate) async fn credit(
    app: &App,
    operator_id: OperatorId,
    method: PaymentMethod,
    order_id: OrderId,
    payment: &Payment,
) {
    let mut transaction = app.database().begin().await.unwrap();
    let now = app.clock().now();
    sqlx::query(
        "INSERT INTO recharge_orders (operator_id, id, amount_fen, payment_method, status, provider_transaction_id,
             created_at, expires_at, paid_at, updated_at)
         VALUES ($1, $2, $3, $4, 'success', $5, $6, $6, $7, $6)",
    )
    .bind(operator_id)
    .bind(order_id)
    .bind(payment.amount)
    .bind(method)
    .bind(&payment.transaction_id)
    .bind(now)
    .bind(payment.paid_at)
    .execute(&mut *transaction)
    .await
    .unwrap();
    let mut account = ledger::lock_account(&mut transaction, operator_id).await.unwrap().unwrap();
    let order = MovementOrder::new(MovementCause::Recharge { method, order_id }, payment.amount);
    ledger::post(&mut transaction, &mut account, order, now).await.unwrap();
    transaction.commit().await.unwrap();
}

/// A token of an operator that is there already.
pub(crate) async fn sign_in(app: &App, operator_id: OperatorId) -> String {
    let mut connection = app.database().acquire().await.unwrap();
    token(&mut connection, app, operator_id.to_string(), operator_id.uuid(), Role::Operator).await
}
