//! What an operator is told when its balance is low.

use base::clock::UtcTime;
use base::ids::OperatorId;
use money::Fen;
use platform::messages::{Letter, MessageKind, NewMessage};

/// The message of a charge that left `balance`, which is below `threshold`.
#[must_use]
pub(super) fn low_balance_letter(
    operator_id: OperatorId,
    balance: Fen,
    threshold: Fen,
    at: UtcTime,
) -> Letter {
    let message = NewMessage {
        kind: MessageKind::BalanceLow,
        title: "账户余额不足提醒".to_owned(),
        content: format!(
            "您的账户余额为 {balance} 元，已低于提醒阈值 {threshold} 元。请及时充值，以免影响游戏授权。"
        ),
        announcement_id: None,
    };
    Letter { operator_id, message, sent_at: at }
}
