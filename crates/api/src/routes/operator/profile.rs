//! `/v1/operators/me`.

use axum::extract::State;
use base::clock::UtcTime;
use base::ids::OperatorId;
use money::Fen;
use office::audit::{self, Act};
use office::operators::profile::{self, Profile};
use office::operators::{self, ContactChange};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::answer::Data;
use crate::http::caller::OperatorCaller;
use crate::http::extract::ApiJson;
use crate::http::rejection::Rejection;

/// An operator as it sees itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileAnswer {
    operator_id: OperatorId,
    username: String,
    name: String,
    phone: String,
    email: String,
    /// `trial`, `normal` or `vip`.
    category: String,
    balance: Fen,
    created_at: UtcTime,
    updated_at: UtcTime,
}

impl From<Profile> for ProfileAnswer {
    fn from(profile: Profile) -> Self {
        ProfileAnswer {
            operator_id: profile.id,
            username: profile.username,
            name: profile.name,
            phone: profile.phone,
            email: profile.email,
            category: profile.category,
            balance: profile.balance,
            created_at: profile.created_at,
            updated_at: profile.updated_at,
        }
    }
}

/// The operator's profile.
#[utoipa::path(
    get,
    path = "/v1/operators/me",
    operation_id = "get_profile",
    tag = "operator",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The profile", body = Data<ProfileAnswer>),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn get_profile(
    State(app): State<App>,
    caller: OperatorCaller,
) -> Result<Data<ProfileAnswer>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let profile = profile::find(&mut connection, caller.operator_id).await?;
    Ok(Data::new(profile.into()))
}

/// How an operator is called and reached; an absent field stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct UpdateContact {
    #[schema(min_length = 2, max_length = 50)]
    name: Option<String>,
    #[schema(pattern = r"^1[3-9]\d{9}$")]
    phone: Option<String>,
    #[schema(format = Email)]
    email: Option<String>,
}

impl From<UpdateContact> for ContactChange {
    fn from(body: UpdateContact) -> Self {
        ContactChange { name: body.name, phone: body.phone, email: body.email }
    }
}

/// Changes how the operator is called and reached.
#[utoipa::path(
    put,
    path = "/v1/operators/me",
    operation_id = "update_profile",
    tag = "operator",
    security(("bearer" = [])),
    request_body = UpdateContact,
    responses(
        (status = 200, description = "The profile as it is now", body = Data<ProfileAnswer>),
        (status = 400, description = "A field is not valid"),
        (status = 401, description = "Not signed in"),
        (status = 403, description = "Not an operator"),
    )
)]
pub async fn update_profile(
    State(app): State<App>,
    caller: OperatorCaller,
    ApiJson(body): ApiJson<UpdateContact>,
) -> Result<Data<ProfileAnswer>, Rejection> {
    let change = ContactChange::from(body);
    change.check()?;
    let act = Act::new("operator_profile_update", json!({})).on_operator(caller.operator_id);
    let now = app.clock().now();
    let profile = audit::perform(
        app.database(),
        app.clock(),
        &caller.signed_in.actor(),
        act,
        async |connection, act| {
            let (before, after) =
                operators::change_contact(connection, caller.operator_id, change, now).await?;
            act.set_change(json!(before), json!(after));
            Ok(profile::find(connection, caller.operator_id).await?)
        },
    )
    .await?;
    Ok(Data::new(profile.into()))
}
