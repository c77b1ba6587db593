//! Our numbers as the providers know them: one function each way.
//!
//! An order's number is its id without the prefix, so that what people read on our pages can be searched for on the
//! provider's, and the other way round. A refund's is the id of its payout in hexadecimal digits.

use base::ids::OrderId;
use uuid::Uuid;

/// `out_trade_no`: 26 letters and digits.
#[must_use]
pub fn order_number(id: OrderId) -> String {
    id.suffix()
}

/// The order of an `out_trade_no`, if it can be one of ours.
#[must_use]
pub fn order_of_number(number: &str) -> Option<OrderId> {
    OrderId::from_suffix(number)
}

/// `out_refund_no` at WeChat Pay, `out_request_no` at Alipay: 32 hexadecimal digits.
#[must_use]
pub fn refund_number(id: Uuid) -> String {
    id.simple().to_string()
}

/// The payout of a refund's number, if it can be one of ours.
#[must_use]
pub fn refund_of_number(number: &str) -> Option<Uuid> {
    Uuid::try_parse(number).ok().filter(|id| refund_number(*id) == number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lead_back_to_what_they_name() {
        let uuid: Uuid = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
        let order = OrderId::from_uuid(uuid);
        assert_eq!(order_number(order), "01h455vb4pex5vsknk084sn02q");
        assert_eq!(order_of_number("01h455vb4pex5vsknk084sn02q"), Some(order));
        assert_eq!(refund_number(uuid), "01890a5dac96774bbcceb302099a8057");
        assert_eq!(refund_of_number("01890a5dac96774bbcceb302099a8057"), Some(uuid));
    }

    #[test]
    fn numbers_of_others_lead_nowhere() {
        for number in ["", "T00001", "ord_01h455vb4pex5vsknk084sn02q", "01H455VB4PEX5VSKNK084SN02Q"] {
            assert_eq!(order_of_number(number), None, "{number}");
        }
        for number in ["", "R1", "01890a5d-ac96-774b-bcce-b302099a8057", "01890A5DAC96774BBCCEB302099A8057"] {
            assert_eq!(refund_of_number(number), None, "{number}");
        }
    }
}
