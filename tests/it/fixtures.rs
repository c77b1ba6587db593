//! Operators, sites, applications and grants to test with.

use coinslot::app::App;
use coinslot::clock::UtcTime;
use coinslot::ids::{AppId, GrantId, OperatorId, SiteId};
use coinslot::ledger::{self, BookAccount, MovementKind, MovementOrder};
use coinslot::security::api_key;
use coinslot::security::jwt::{Claims, Role};
use coinslot::sites::NewSite;
use jiff::SignedDuration;
use money::Fen;
use reqwest::{Method, Response};
use serde_json::Value;

use crate::harness::Server;

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

pub(crate) async fn operator(app: &App, username: &str) -> Operator {
    operator_at(app, username, app.clock().now()).await
}

pub(crate) async fn operator_at(app: &App, username: &str, opened_at: UtcTime) -> Operator {
    let mut transaction = app.database().begin().await.unwrap();
    let id = OperatorId::generate(opened_at);
    sqlx::query!(
        "INSERT INTO operators (id, username, password_hash, name, phone, email, category, created_at, updated_at)
         VALUES ($1, $2, $3, '测试运营商', '13800138000', 'test@example.com', 'normal', $4, $4)",
        id.uuid(),
        username,
        password_hash(),
        opened_at as _,
    )
    .execute(&mut *transaction)
    .await
    .unwrap();
    ledger::open_account(&mut transaction, id).await.unwrap();
    let api_key = api_key::insert(&mut transaction, app.cipher(), id, opened_at).await.unwrap();
    let token = token(&mut transaction, app, id.to_string(), id.uuid(), Role::Operator).await;
    transaction.commit().await.unwrap();
    Operator { id, token, api_key }
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
    sqlx::query!(
        "INSERT INTO access_tokens (jti, subject_id, role, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        jti,
        subject_id,
        role.as_str(),
        now as _,
        expires_at as _,
    )
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
    coinslot::sites::create(&mut connection, operator_id, new, app.clock().now()).await.unwrap().id
}

pub(crate) async fn application(app: &App, name: &str, price_fen: i64) -> AppId {
    let mut connection = app.database().acquire().await.unwrap();
    let now = app.clock().now();
    let id = AppId::generate(now);
    sqlx::query!(
        "INSERT INTO applications (id, name, unit_price_fen, min_players, max_players, created_at, updated_at)
         VALUES ($1, $2, $3, 2, 8, $4, $4)",
        id.uuid(),
        name,
        price_fen,
        now as _,
    )
    .execute(&mut *connection)
    .await
    .unwrap();
    id
}

pub(crate) async fn grant(app: &App, operator_id: OperatorId, app_id: AppId, expires_at: Option<UtcTime>) {
    let mut connection = app.database().acquire().await.unwrap();
    let now = app.clock().now();
    sqlx::query!(
        "INSERT INTO grants (operator_id, id, app_id, authorized_at, authorized_by, expires_at)
         VALUES ($1, $2, $3, $4, 'test', $5)",
        operator_id.uuid(),
        GrantId::generate(now).uuid(),
        app_id.uuid(),
        now as _,
        expires_at as _,
    )
    .execute(&mut *connection)
    .await
    .unwrap();
}

pub(crate) async fn adjust(app: &App, operator_id: OperatorId, amount_fen: i64, at: UtcTime) {
    let mut transaction = app.database().begin().await.unwrap();
    let mut account = ledger::lock_account(&mut transaction, operator_id).await.unwrap().unwrap();
    let order = MovementOrder {
        kind: MovementKind::Adjustment,
        debit: BookAccount::Adjustments,
        credit: BookAccount::OperatorBalance,
        amount: Fen::new(amount_fen),
        payment_method: None,
        order_id: None,
        refund_id: None,
        reason: None,
        created_by: None,
    };
    ledger::post(&mut transaction, &mut account, order, at).await.unwrap();
    transaction.commit().await.unwrap();
}

impl Server {
    pub(crate) async fn respond(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<Value>,
    ) -> Response {
        let mut request = self.client.request(method, format!("{}{path}", self.base_url));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.unwrap()
    }

    /// Status and JSON of a GET.
    pub(crate) async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        answer(self.respond(Method::GET, path, Some(token), None).await).await
    }
}

pub(crate) async fn answer(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}
