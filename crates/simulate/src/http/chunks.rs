use httparse::{Status, parse_chunk_size};

use super::response::Unreadable;

/// How a body in chunks ends, as long as no trailers are sent.
const LAST: &[u8] = b"0\r\n\r\n";

/// The chunks without their sizes (RFC 9112, 7.1); `None` while the last one is missing.
pub(super) fn join_chunks(mut rest: &[u8]) -> Result<Option<Vec<u8>>, Unreadable> {
    // A long body arrives in many pieces: only one that looks like the last is worth the walk.
    if !rest.ends_with(LAST) {
        return Ok(None);
    }
    let mut body = Vec::with_capacity(rest.len());
    loop {
        let Status::Complete((start, size)) = parse_chunk_size(rest).map_err(|_| Unreadable::Chunks)? else {
            return Ok(None);
        };
        rest = &rest[start..];
        if size == 0 {
            return if rest == b"\r\n" { Ok(Some(body)) } else { Err(Unreadable::Chunks) };
        }
        let Some((chunk, after)) = rest.split_at_checked(size as usize) else {
            return Ok(None);
        };
        body.extend_from_slice(chunk);
        let Some(after) = after.strip_prefix(b"\r\n") else {
            return if after.len() < 2 { Ok(None) } else { Err(Unreadable::Chunks) };
        };
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined_and_a_part_is_no_answer() {
        let whole = b"7\r\n0\r\n\r\nab\r\n1\r\nc\r\n0\r\n\r\n";
        assert_eq!(join_chunks(whole), Ok(Some(b"0\r\n\r\nabc".to_vec())));
        for end in 0..whole.len() {
            assert_eq!(join_chunks(&whole[..end]), Ok(None), "{end}");
        }
    }

    #[test]
    fn junk_between_chunks_is_unreadable() {
        for junk in [&b"1\r\nab\r\n0\r\n\r\n"[..], b"x\r\na\r\n0\r\n\r\n", b"0\r\n1\r\n0\r\n\r\n"] {
            assert_eq!(join_chunks(junk), Err(Unreadable::Chunks));
        }
    }
}
