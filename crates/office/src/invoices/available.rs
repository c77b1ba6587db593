//! How much may be invoiced.

use base::ids::OperatorId;
use base::problem::Problem;
use money::Fen;
use serde_json::{Value, json};
use sqlx::PgConnection;

/// What bounds the invoices of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invoiceable {
    /// Paid in through a provider. Adjustments are no payment, so they are not part of it.
    pub recharged: Fen,
    /// Every approved refund counts in full, also where the money had come from an adjustment: the rule speaks of
    /// top-ups minus refunds.
    pub refunded: Fen,
    /// Pending and approved invoices. A pending one reserves its amount.
    pub invoiced: Fen,
}

impl Invoiceable {
    /// What is left, or how far the invoices are above the limit: a refund may be approved after them.
    fn rest(self) -> Option<Fen> {
        self.recharged.checked_sub(self.refunded)?.checked_sub(self.invoiced)
    }

    /// What may be invoiced on top of the invoices there are; never negative.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` when the sums leave the range of 64 bits.
    pub fn available(self) -> Result<Fen, Problem> {
        let rest = self.rest().ok_or_else(|| Problem::internal("the invoiceable amount overflows"))?;
        Ok(rest.max(Fen::ZERO))
    }

    /// The same without one of the invoices.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` when the sums leave the range of 64 bits.
    pub fn without(self, amount: Fen) -> Result<Self, Problem> {
        let invoiced = self.invoiced.checked_sub(amount);
        let invoiced = invoiced.ok_or_else(|| Problem::internal("the invoiceable amount overflows"))?;
        Ok(Invoiceable { invoiced, ..self })
    }

    /// Whether the invoices there are keep within the limit.
    #[must_use]
    pub fn is_kept(self) -> bool {
        self.rest().is_some_and(|rest| !rest.is_negative())
    }
}

/// Reads what bounds the invoices of an operator. Whoever decides by it has locked the account.
///
/// # Errors
/// The database's.
pub async fn invoiceable(
    connection: &mut PgConnection,
    operator_id: OperatorId,
) -> sqlx::Result<Invoiceable> {
    sqlx::query_as!(
        Invoiceable,
        r#"SELECT a.total_recharged_fen AS "recharged: Fen", a.total_refunded_fen AS "refunded: Fen",
                  (SELECT coalesce(sum(i.amount_fen), 0)::bigint FROM invoices i
                   WHERE i.operator_id = a.operator_id AND i.status IN ('pending', 'approved')) AS "invoiced!: Fen"
           FROM operator_accounts a WHERE a.operator_id = $1"#,
        operator_id.uuid(),
    )
    .fetch_one(connection)
    .await
}

/// The details of a refusal.
pub(super) fn available_amount(amount: Fen) -> Value {
    json!({"available_amount": amount})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_top_ups_minus_refunds_minus_invoices_and_never_negative() {
        for (recharged, refunded, invoiced, available, is_kept) in [
            (0, 0, 0, 0, true),
            (10_000, 0, 0, 10_000, true),
            (10_000, 0, 10_000, 0, true),
            (10_000, 4_000, 0, 6_000, true),
            (10_000, 4_000, 5_999, 1, true),
            // The refund came after the invoice.
            (10_000, 4_000, 6_001, 0, false),
            // What was refunded had come from an adjustment.
            (10_000, 25_000, 0, 0, false),
        ] {
            let [recharged, refunded, invoiced] = [recharged, refunded, invoiced].map(Fen::new);
            let invoiceable = Invoiceable { recharged, refunded, invoiced };
            assert_eq!(invoiceable.available().unwrap(), Fen::new(available), "{invoiceable:?}");
            assert_eq!(invoiceable.is_kept(), is_kept, "{invoiceable:?}");
        }
    }

    #[test]
    fn sums_out_of_range_are_an_error_and_keep_nothing() {
        let invoiceable =
            Invoiceable { recharged: Fen::new(i64::MIN), refunded: Fen::new(1), invoiced: Fen::ZERO };
        assert!(invoiceable.available().is_err());
        assert!(!invoiceable.is_kept());
    }
}
