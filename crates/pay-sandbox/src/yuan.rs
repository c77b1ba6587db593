//! Amounts as Alipay and bills write them.

use money::Fen;

/// `50.00`, with a minus perhaps.
pub(crate) fn yuan(fen: i64) -> String {
    Fen::new(fen).to_string()
}

/// Reads `50.00`.
pub(crate) fn fen(text: &str) -> Option<i64> {
    text.parse::<Fen>().ok().map(Fen::get).filter(|fen| *fen > 0)
}
