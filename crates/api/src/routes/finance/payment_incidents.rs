use axum::Json;
use axum::extract::State;
use base::clock::UtcTime;
use base::ids::{IncidentId, OperatorId, OrderId};
use base::paging::PageRequest;
use money::Fen;
use office::payments::providers::PaymentMethod;
use office::payments::{self, Incident, IncidentKind, Source};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::http::caller::FinanceCaller;
use crate::http::page::{Page, PageParams};
use crate::http::rejection::Rejection;

/// A payment that somebody has to look at.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IncidentItem {
    incident_id: IncidentId,
    kind: IncidentKind,
    payment_method: PaymentMethod,
    /// As the provider names it; without an operator it is none of ours.
    order_id: OrderId,
    operator_id: Option<OperatorId>,
    operator_name: Option<String>,
    provider_transaction_id: String,
    amount: Fen,
    /// How the platform learned of it.
    source: Source,
    created_at: UtcTime,
}

impl From<Incident> for IncidentItem {
    fn from(incident: Incident) -> Self {
        IncidentItem {
            incident_id: incident.id,
            kind: incident.kind,
            payment_method: incident.payment_method,
            order_id: incident.order_id,
            operator_id: incident.operator_id,
            operator_name: incident.operator_name,
            provider_transaction_id: incident.transaction_id,
            amount: incident.amount,
            source: incident.source,
            created_at: incident.created_at,
        }
    }
}

/// List payments that were not credited, or credited against a decision, newest first.
#[utoipa::path(
    get, path = "/v1/finance/payment-incidents", operation_id = "list_payment_incidents", tag = "finance",
    security(("bearer" = [])),
    params(PageParams),
    responses(
        (status = 200, body = Page<IncidentItem>, description = "One page of incidents."),
        (status = 400, description = "A parameter is wrong."),
        (status = 401, description = "Not signed in."),
        (status = 403, description = "Not finance staff."),
    ),
)]
pub(crate) async fn list_payment_incidents(
    State(app): State<App>,
    _caller: FinanceCaller,
    page: PageRequest,
) -> Result<Json<Page<IncidentItem>>, Rejection> {
    let mut connection = app.database().acquire().await?;
    let (total, incidents) = payments::list_incidents(&mut connection, None, page).await?;
    Ok(Json(Page::new(page, total, incidents.into_iter().map(Into::into).collect())))
}
