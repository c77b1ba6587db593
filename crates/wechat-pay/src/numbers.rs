//! The identifiers of the protocol, each with WeChat's rule for it, so that one cannot stand in the place of another.

use std::fmt;

use serde::Serialize;

use crate::fields::{InvalidField, require};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $field:literal, $length:expr, $other:literal, $rule:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes a text as it is.
            ///
            /// # Errors
            ///
            /// Names the field and the rule when the text breaks it.
            pub fn parse(text: &str) -> Result<Self, InvalidField> {
                let allowed = |c: char| c.is_ascii_alphanumeric() || $other.contains(c);
                let holds = $length.contains(&text.len()) && text.chars().all(allowed);
                require(holds, $field, $rule)?;
                Ok($name(text.to_owned()))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

number!(
    /// The merchant's number at WeChat Pay.
    MerchantId, "mchid", (1..=32), "", "must have 1 to 32 letters or digits"
);
number!(
    /// The application the merchant's number is bound to.
    AppId, "appid", (1..=32), "_-", "must have 1 to 32 letters or digits"
);
number!(
    /// Our number of an order, unique per merchant (4012791877).
    OutTradeNo, "out_trade_no", (6..=32), "_-|*", "must have 6 to 32 characters of 0-9 A-Z a-z _ - | *"
);
number!(
    /// Our number of a refund, unique per merchant (4012556457). Repeating a request with it repeats no refund.
    OutRefundNo, "out_refund_no", (1..=64), "_-|*@", "must have 1 to 64 characters of 0-9 A-Z a-z _ - | * @"
);
number!(
    /// WeChat's number of a payment.
    TransactionId, "transaction_id", (1..=32), "", "must have 1 to 32 letters or digits"
);

/// A number as part of a path. Of all the characters numbers may have, `|` alone has no place in a URL.
pub(crate) fn in_path(number: &str) -> String {
    number.replace('|', "%7C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_within_the_rules() {
        let longest = "a".repeat(32);
        for good in ["123456", "aZ09_-|*", longest.as_str()] {
            assert_eq!(OutTradeNo::parse(good).unwrap().as_str(), good);
        }
        let too_long = "a".repeat(33);
        for bad in
            ["12345", too_long.as_str(), "12345/", "123 456", "订单12", "abc@def", "../../x", "", "a\n12345"]
        {
            assert_eq!(OutTradeNo::parse(bad).unwrap_err().field, "out_trade_no", "{bad:?}");
        }
        assert!(OutRefundNo::parse("r@1").is_ok());
        assert!(OutRefundNo::parse(&"a".repeat(64)).is_ok());
        assert_eq!(OutRefundNo::parse(&"a".repeat(65)).unwrap_err().field, "out_refund_no");
        assert_eq!(TransactionId::parse("42000-1").unwrap_err().field, "transaction_id");
        assert_eq!(MerchantId::parse("").unwrap_err().field, "mchid");
        assert_eq!(AppId::parse("wx 1").unwrap_err().field, "appid");
    }
}
