//! The site map: every route of the platform, by audience.

use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn_with_state;
use base::problem::ErrorCode;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi as Document, Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi, PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::http::client_ip::ClientIp;
use crate::http::rejection::{Envelope, Rejection};
use crate::http::{address_limit, envelope};
use crate::routes;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "coinslot",
        description = "MR游戏运营管理系统 API",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    modifiers(&SecuritySchemes)
)]
struct Described;

/// How callers identify themselves, under the names that operations refer to.
struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        for (name, header, meaning) in [
            ("api_key", "X-Api-Key", "The operator's API key"),
            ("timestamp", "X-Timestamp", "Unix seconds"),
            (
                "signature",
                "X-Signature",
                "Base64 of HMAC-SHA256 under the API key over timestamp, method, path and body",
            ),
        ] {
            let key = ApiKey::Header(ApiKeyValue::with_description(header, meaning));
            components.add_security_scheme(name, SecurityScheme::ApiKey(key));
        }
    }
}

/// Gives every failure of `/v1` its shape, and names one for the failures that any operation may have: too many requests,
/// a body that is too large or of another type, a database that is away. Providers are answered in their own protocols.
fn describe_failures(document: &mut Document) {
    let (name, envelope) = (Envelope::name(), Envelope::schema());
    let components = document.components.get_or_insert_default();
    components.schemas.insert(name.clone().into_owned(), envelope);
    let content = || ContentBuilder::new().schema(Some(Ref::from_schema_name(name.clone()))).build();
    let is_ours = |path: &str| path.starts_with("/v1/") && !path.starts_with("/v1/payments/");
    let paths = document.paths.paths.iter_mut().filter(|(path, _)| is_ours(path));
    for (_, item) in paths {
        let methods = [&mut item.get, &mut item.post, &mut item.put, &mut item.delete];
        for operation in methods.into_iter().flatten() {
            let responses = &mut operation.responses.responses;
            for (status, response) in responses.iter_mut() {
                if let RefOr::T(response) = response
                    && status.starts_with(['4', '5'])
                {
                    response.content.insert("application/json".to_owned(), content().into());
                }
            }
            let failure = ResponseBuilder::new()
                .description("Any other failure.")
                .content("application/json", content());
            responses.insert("default".to_owned(), failure.build().into());
        }
    }
}

/// Everything but the headset's calls: routes and their description, built together so that neither can lack the other.
fn web() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Described::openapi())
        .merge(routes::public::router())
        .merge(routes::operator::router())
        .merge(routes::admin::router())
        .merge(routes::finance::router())
        .merge(routes::analyst::router())
        .merge(routes::webhooks::router())
        .merge(routes::system::router())
}

/// The OpenAPI 3.1 document of this version.
#[must_use]
pub fn openapi() -> Document {
    let mut document = web().merge(routes::headset::router()).split_for_parts().1;
    describe_failures(&mut document);
    document
}

/// The wrong method at the path of a headset's call: nothing reads it as one, so its address is counted here.
async fn refuse_and_count(State(app): State<App>, ClientIp(ip): ClientIp) -> Rejection {
    match address_limit::check(&app, ip).await {
        Ok(()) => ErrorCode::MethodNotAllowed.into(),
        Err(problem) => problem.into(),
    }
}

/// The whole service. Headset calls count their address themselves, so they stand outside that layer.
pub fn router(app: App) -> Router {
    let not_allowed = || async { Rejection::from(ErrorCode::MethodNotAllowed) };
    let (headset, _) = routes::headset::router().split_for_parts();
    let (web, _) = web().split_for_parts();
    web.merge(routes::system::documentation(&openapi()))
        .fallback(routes::system::web::serve)
        .method_not_allowed_fallback(not_allowed)
        .layer(from_fn_with_state(app.clone(), address_limit::layer))
        .merge(headset.method_not_allowed_fallback(refuse_and_count))
        .with_state(app.clone())
        .merge(routes::sandbox::console(&app).unwrap_or_default())
        .layer(from_fn_with_state(app, envelope::layer))
}
