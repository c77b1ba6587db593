//! `GET /v1/operators/me`.

use axum::extract::State;
use money::Fen;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::clock::UtcTime;
use crate::http::answer::Data;
use crate::http::caller::OperatorCaller;
use crate::ids::OperatorId;
use crate::operators::profile::{self, Profile};
use crate::problem::Problem;

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
) -> Result<Data<ProfileAnswer>, Problem> {
    let mut connection = app.database().acquire().await?;
    let profile = profile::find(&mut connection, caller.operator_id).await?;
    Ok(Data::new(profile.into()))
}
