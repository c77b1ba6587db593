use super::fen::format_fen;

/// A way in which the server's answers, or its records, contradict each other.
///
/// Sessions are named by their id and operators by theirs, so that the records can be looked up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Discrepancy {
    #[error("{session}: authorized although its time is out of the window")]
    LateAuthorized { session: String },
    #[error(
        "{session}: the answer names another session or player count, or its total is not players × unit price"
    )]
    InconsistentAnswer { session: String },
    #[error("{session}: repeated answers differ in token, usage id, total or balance")]
    ReplayDiffers { session: String },
    #[error("{session}: {first_answers} answers claim to be the first")]
    FirstAnswers { session: String, first_answers: usize },
    #[error("{session}: was charged, but a later repeat of it was refused with {code}")]
    ReplayRefused { session: String, code: String },
    #[error("{session}: a repeat with the same content was refused with {code}")]
    SameContentConflict { session: String, code: String },
    #[error("{session}: its token or usage id belongs to another session as well")]
    SharedUsage { session: String },
    #[error("{session}: no answer has told whether it was charged ({sessions} such sessions)")]
    OutcomeUnknown { session: String, sessions: usize },
    #[error("{operator}: the balance cannot be read: {reason}")]
    BalanceUnreadable { operator: String, reason: String },
    #[error(
        "{operator}: balance {} − charged {} is not {}",
        format_fen(*before_fen), format_fen(*charged_fen), format_fen(*after_fen)
    )]
    BalanceDiffers { operator: String, before_fen: i64, charged_fen: i64, after_fen: i64 },
    #[error(
        "{session}: answered a balance of {}, but the charges before it leave {}",
        format_fen(*answered_fen), format_fen(*expected_fen)
    )]
    BrokenChain { session: String, answered_fen: i64, expected_fen: i64 },
    #[error("{session}: was charged, but has {records} usage records")]
    UsageRecords { session: String, records: usize },
    #[error("{session}: was refused, but has a usage record")]
    RefusedButRecorded { session: String },
    #[error("{session}: the usage record differs from the answer in id, token, total or balance")]
    RecordDiffers { session: String },
    #[error("the usage records sum to {}, the answers to {}", format_fen(*recorded_fen), format_fen(*answered_fen))]
    SumDiffers { recorded_fen: i64, answered_fen: i64 },
}
