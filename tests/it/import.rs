//! What is copied into the books in bulk is stored as it was made.

use books::ledger::{self, ChargeOrder, Import, MovementCause, MovementOrder};
use money::Fen;
use uuid::Uuid;

use crate::fixtures::{adjust, operator, site};
use crate::games::at;
use crate::harness::start;

/// The hash of an entry covers every value of its row, so books that hold are rows that are whole.
#[tokio::test]
async fn every_value_of_a_row_survives_the_copy() {
    let server = start().await;
    let operator_id = operator(&server.app, "venue").await.id;
    let site_id = site(&server.app, operator_id, "一号店").await;
    let app_id = crate::fixtures::application(&server.app, "太空探险", 1_000).await;
    adjust(&server.app, operator_id, 1_000_000, at("2020-01-01T00:00:00Z")).await;
    let mut transaction = server.app.database().begin().await.unwrap();
    let mut account = ledger::lock_account(&mut transaction, operator_id).await.unwrap().unwrap();
    let locked_seq = account.entry_seq;
    let mut import = Import::default();
    let addresses = [None, Some("203.0.113.7".parse().unwrap()), Some("2001:db8::7".parse().unwrap())];
    let names = ["", "制表\t换行\n反斜杠\\N\r", "名字😀"];
    for (number, (client_ip, name)) in addresses.into_iter().zip(names).enumerate() {
        let order = ChargeOrder {
            session_ms: i64::MAX - i64::try_from(number).unwrap(),
            session_nonce: "abcdefghijklmnop".to_owned(),
            site_id,
            app_id,
            app_name: name.to_owned(),
            player_count: 3,
            unit_price: Fen::new(7),
            total: Fen::new(21),
            client_ip,
        };
        let now = at("2025-02-03T04:05:06.789Z");
        import.charges.push(account.charge(order, Uuid::new_v4(), now).unwrap());
    }
    let correction = MovementOrder {
        reason: Some("理由\t\\.\n".to_owned()),
        ..MovementOrder::new(MovementCause::DebitAdjustment, Fen::new(99))
    };
    import.movements.push(account.post(correction, at("2025-02-03T04:05:07Z")).unwrap());
    import.accounts.push((locked_seq, account));
    ledger::import(&mut transaction, &import).await.unwrap();
    transaction.commit().await.unwrap();
    let verified = server.verify().await;
    assert_eq!((verified.charges, verified.movements), (3, 2));
    let stored: Vec<Option<String>> =
        sqlx::query_scalar("SELECT host(client_ip) FROM usage_records ORDER BY id")
            .fetch_all(&mut server.owner().await)
            .await
            .unwrap();
    assert_eq!(stored, [None, Some("203.0.113.7".to_owned()), Some("2001:db8::7".to_owned())]);
}
