//! As much of X.509 as certificate mode needs: issuer, serial number, key, and whether RSA signed it.

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const OBJECT_ID: u8 = 0x06;
const VERSION: u8 = 0xa0;
/// `UTF8String`, `PrintableString`, `IA5String`: all are read as UTF-8.
const TEXTS: [u8; 3] = [0x0c, 0x13, 0x16];

/// 1.2.840.113549.1.1, the beginning of every algorithm of PKCS #1.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];

/// The attributes RFC 2253 has a short name for.
const ATTRIBUTES: [(&[u8], &str); 9] = [
    (&[0x55, 4, 3], "CN"),
    (&[0x55, 4, 6], "C"),
    (&[0x55, 4, 7], "L"),
    (&[0x55, 4, 8], "ST"),
    (&[0x55, 4, 9], "STREET"),
    (&[0x55, 4, 10], "O"),
    (&[0x55, 4, 11], "OU"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25], "DC"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1], "UID"),
];

/// What is read of a certificate.
pub(crate) struct Certificate<'a> {
    /// In the form of RFC 2253: last component first.
    pub(crate) issuer: String,
    /// Big-endian.
    pub(crate) serial: &'a [u8],
    /// `SubjectPublicKeyInfo`, whole.
    pub(crate) public_key: &'a [u8],
    pub(crate) signed_with_rsa: bool,
}

/// `None` when it is not a certificate, or names its issuer by an attribute without a short name.
pub(crate) fn read_certificate(der: &[u8]) -> Option<Certificate<'_>> {
    let mut certificate = Reader(der).expect(SEQUENCE)?;
    let mut signed = certificate.expect(SEQUENCE)?;
    let mut after_version = Reader(signed.0);
    if after_version.next()?.0 == VERSION {
        signed = after_version;
    }
    let serial = signed.expect(INTEGER)?.0;
    let algorithm = signed.expect(SEQUENCE)?.expect(OBJECT_ID)?.0;
    let issuer = name(signed.expect(SEQUENCE)?)?;
    let _validity = signed.expect(SEQUENCE)?;
    let _subject = signed.expect(SEQUENCE)?;
    let before_key = signed.0;
    signed.expect(SEQUENCE)?;
    let public_key = before_key.get(..before_key.len() - signed.0.len())?;
    Some(Certificate { issuer, serial, public_key, signed_with_rsa: algorithm.starts_with(RSA) })
}

/// Elements one after the other.
#[derive(Clone, Copy)]
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The next element: its tag and content.
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&[tag, short], rest) = self.0.split_first_chunk::<2>()?;
        let (length, rest) = if short < 0x80 {
            (usize::from(short), rest)
        } else {
            let count = usize::from(short & 0x7f);
            if count == 0 || count > 4 {
                return None;
            }
            let (bytes, rest) = rest.split_at_checked(count)?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }

    /// The content of the next element, which has this tag.
    fn expect(&mut self, tag: u8) -> Option<Reader<'a>> {
        self.next().filter(|(found, _)| *found == tag).map(|(_, content)| Reader(content))
    }
}

fn name(mut components: Reader<'_>) -> Option<String> {
    let mut parts = Vec::new();
    while !components.0.is_empty() {
        let mut attributes = components.expect(SET)?;
        let mut together = Vec::new();
        while !attributes.0.is_empty() {
            let mut attribute = attributes.expect(SEQUENCE)?;
            let id = attribute.expect(OBJECT_ID)?.0;
            let (_, short) = ATTRIBUTES.iter().find(|(known, _)| *known == id)?;
            let (tag, text) = attribute.next()?;
            let text = std::str::from_utf8(text).ok().filter(|_| TEXTS.contains(&tag))?;
            together.push(format!("{short}={}", escape(text)));
        }
        parts.push(together.join("+"));
    }
    parts.reverse();
    Some(parts.join(","))
}

fn escape(text: &str) -> String {
    let last = text.chars().count().saturating_sub(1);
    let mut escaped = String::with_capacity(text.len());
    for (index, character) in text.chars().enumerate() {
        let special = matches!(character, ',' | '+' | '"' | '\\' | '<' | '>' | ';')
            || (character == '#' && index == 0)
            || (character == ' ' && (index == 0 || index == last));
        if special {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
