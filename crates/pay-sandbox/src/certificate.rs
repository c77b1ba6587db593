//! The platform certificate: X.509 v3, signed by its own key, in as little DER as that takes.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::crypto::Pair;
use crate::keys::KeyError;

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_ID: u8 = 0x06;
const UTF8_STRING: u8 = 0x0c;
const UTC_TIME: u8 = 0x17;
const VERSION: u8 = 0xa0;

/// sha256WithRSAEncryption (1.2.840.113549.1.1.11) and its parameters, NULL.
const ALGORITHM: &[u8] =
    &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00];
/// commonName (2.5.4.3)
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

/// A certificate in DER with this serial number, good from one time to the other.
pub(crate) fn certificate(
    pair: &Pair,
    serial: &[u8],
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<u8>, KeyError> {
    let common_name = [element(OBJECT_ID, COMMON_NAME), element(UTF8_STRING, b"Tenpay.com sandbox")].concat();
    let name = element(SEQUENCE, &element(SET, &element(SEQUENCE, &common_name)));
    let body = element(
        SEQUENCE,
        &[
            element(VERSION, &element(INTEGER, &[2])),
            element(INTEGER, serial),
            ALGORITHM.to_vec(),
            name.clone(),
            element(SEQUENCE, &[utc_time(from), utc_time(until)].concat()),
            name,
            pair.public_der()?,
        ]
        .concat(),
    );
    let signature = [vec![0], pair.sign(&body)?].concat();
    Ok(element(SEQUENCE, &[body, ALGORITHM.to_vec(), element(BIT_STRING, &signature)].concat()))
}

fn utc_time(time: Timestamp) -> Vec<u8> {
    let text = time.to_zoned(TimeZone::UTC).strftime("%y%m%d%H%M%SZ").to_string();
    element(UTC_TIME, text.as_bytes())
}

/// Tag, length, content.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let digits = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let mut der = vec![tag];
    match digits {
        [] => der.push(0),
        [short] if *short < 0x80 => der.push(*short),
        // A length of eight bytes at most, so the cast loses nothing.
        long => {
            der.push(0x80 | u8::try_from(long.len()).unwrap_or_default());
            der.extend_from_slice(long);
        }
    }
    der.extend_from_slice(content);
    der
}
