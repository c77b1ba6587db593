//! Who calls a web endpoint. Each audience has an extractor; the permission an endpoint needs is a type parameter of
//! it, so an endpoint cannot be reached without the check it names.
//!
//! The order is: token (401), rate limit of the account (429), role and permission (403). What is refused counts too.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use base::ids::{AdminId, FinanceId, OperatorId};
use base::problem::{ErrorCode, Problem};
use office::audit::Origin;
use office::sign_in::SignedIn;
use platform::security::roles::{
    AdminPermission, AdminPermissions, AdminRole, Authority, FinancePermission, FinancePermissions,
    FinanceRole, NoPermission,
};
use platform::security::shared_limit::LimitKey;
use platform::security::tokens::{self, Presented, Subject};
use sqlx::PgConnection;
use uuid::Uuid;

use super::address_limit;
use super::envelope::RequestContext;
use crate::app::App;
use crate::http::rejection::Rejection;

/// An operator, calling for itself.
#[derive(Clone, Debug)]
pub struct OperatorCaller {
    pub operator_id: OperatorId,
    pub jti: Uuid,
    pub signed_in: SignedIn,
}

/// An administrator who holds the permission `P`.
#[derive(Debug)]
pub struct AdminCaller<P: AdminPermission = NoPermission> {
    pub admin_id: AdminId,
    pub role: AdminRole,
    pub permissions: AdminPermissions,
    pub signed_in: SignedIn,
    needed: PhantomData<P>,
}

/// A member of the finance staff who holds the permission `P`.
#[derive(Debug)]
pub struct FinanceCaller<P: FinancePermission = NoPermission> {
    pub finance_id: FinanceId,
    pub role: FinanceRole,
    pub permissions: FinancePermissions,
    pub signed_in: SignedIn,
    needed: PhantomData<P>,
}

/// Somebody who may see the statistics: an analyst, or an administrator who may see financial data.
#[derive(Clone, Debug)]
pub struct AnalystCaller {
    pub signed_in: SignedIn,
}

impl<P: AdminPermission> AdminCaller<P> {
    /// Money is shown only to those who may see financial data.
    #[must_use]
    pub fn money<T>(&self, amount: T) -> Option<T> {
        self.permissions.can_view_financial_data.then_some(amount)
    }
}

/// The bearer token of a request, if there is one that we signed and that has not expired.
pub(super) fn presented_token(app: &App, headers: &HeaderMap) -> Option<Presented> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    tokens::verify(app.jwt(), token.trim(), app.clock().now())
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        admit(parts, app, |_| Some(())).await.map(|(signed_in, ())| signed_in)
    }
}

impl FromRequestParts<App> for OperatorCaller {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let (signed_in, operator_id) = admit(parts, app, |signed_in| match signed_in.subject {
            Subject::Operator(id) => Some(id),
            _ => None,
        })
        .await?;
        Ok(OperatorCaller { operator_id, jti: signed_in.jti, signed_in })
    }
}

impl<P: AdminPermission> FromRequestParts<App> for AdminCaller<P> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let accept = |signed_in: &SignedIn| match (signed_in.subject, signed_in.authority) {
            (Subject::Admin(id), Authority::Admin(role, permissions)) if P::is_held(&permissions) => {
                Some((id, role, permissions))
            }
            _ => None,
        };
        let (signed_in, (admin_id, role, permissions)) = admit(parts, app, accept).await?;
        Ok(AdminCaller { admin_id, role, permissions, signed_in, needed: PhantomData })
    }
}

impl<P: FinancePermission> FromRequestParts<App> for FinanceCaller<P> {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let accept = |signed_in: &SignedIn| match (signed_in.subject, signed_in.authority) {
            (Subject::Finance(id), Authority::Finance(role, permissions)) if P::is_held(&permissions) => {
                Some((id, role, permissions))
            }
            _ => None,
        };
        let (signed_in, (finance_id, role, permissions)) = admit(parts, app, accept).await?;
        Ok(FinanceCaller { finance_id, role, permissions, signed_in, needed: PhantomData })
    }
}

impl FromRequestParts<App> for AnalystCaller {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let accept = |signed_in: &SignedIn| match signed_in.authority {
            Authority::Analyst => Some(()),
            Authority::Admin(_, permissions) => permissions.can_view_financial_data.then_some(()),
            Authority::Operator | Authority::Finance(..) => None,
        };
        let (signed_in, ()) = admit(parts, app, accept).await?;
        Ok(AnalystCaller { signed_in })
    }
}

/// Lets the call in if its token is live and `accept` knows the role.
async fn admit<T>(
    parts: &mut Parts,
    app: &App,
    accept: impl FnOnce(&SignedIn) -> Option<T> + Send,
) -> Result<(SignedIn, T), Rejection> {
    // The address limit has already counted a call without a token of ours.
    let presented = presented_token(app, &parts.headers).ok_or(ErrorCode::Unauthorized)?;
    let origin = Origin::from_request_parts(parts, app).await?;
    let mut connection = app.database().acquire().await?;
    let identity = tokens::check(&mut connection, presented, app.clock().now()).await?;
    let Some(identity) = identity else {
        drop(connection);
        address_limit::check(app, origin.ip).await?;
        return Err(ErrorCode::Unauthorized.into());
    };
    if let Some(context) = parts.extensions.get::<RequestContext>() {
        context.set_user_id(presented.subject);
    }
    let signed_in = SignedIn {
        subject: presented.subject,
        jti: presented.jti,
        username: identity.username,
        name: identity.name,
        authority: identity.authority,
        origin,
    };
    count(app, &mut connection, presented.subject).await?;
    let accepted = accept(&signed_in).ok_or(ErrorCode::PermissionDenied)?;
    Ok((signed_in, accepted))
}

async fn count(app: &App, connection: &mut PgConnection, subject: Subject) -> Result<(), Problem> {
    let limit = app.settings().web_rate_limit_per_minute;
    app.admission().admit_on(connection, LimitKey::Account(subject.uuid()), limit).await
}
