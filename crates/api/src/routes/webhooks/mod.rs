//! What payment providers tell without being asked. Each is answered in its own protocol, within the five seconds that it
//! waits; not counted by any limit, because what is not signed by the provider costs little and changes nothing.

mod alipay;
mod receive;
mod wechat;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The routes of this audience.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(wechat::notify_wechat)).routes(routes!(alipay::notify_alipay))
}
