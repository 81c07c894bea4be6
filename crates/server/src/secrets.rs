//! Secrets: what proves a session, an invite or a private link.
//!
//! Invariants
//! - 256 random bits, written as URL-safe base64 without padding (RFC 4648 §5).
//! - Only the SHA-256 of one is ever stored; a copy of the database signs nobody in.

use crate::clock::Clock;
use sha2::{Digest, Sha256};

/// The SHA-256 of a secret: what is stored and looked up.
pub type SecretHash = [u8; 32];

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A new secret, 43 characters.
pub fn mint(clock: &Clock) -> String {
    base64url(&clock.random::<32>())
}

/// What is stored of `secret`. Any text has one, so a malformed secret is simply unknown.
pub fn hash(secret: &str) -> SecretHash {
    Sha256::digest(secret.as_bytes()).into()
}

/// URL-safe base64 without padding.
pub fn base64url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for digit in 0..=chunk.len() {
            text.push(char::from(DIGITS[(bits >> (18 - 6 * digit)) as usize & 63]));
        }
    }
    text
}

const DIGITS_32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Base32 without padding (RFC 4648 §6), in capitals.
pub fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity((bytes.len() * 8).div_ceil(5));
    for chunk in bytes.chunks(5) {
        let bits =
            chunk.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte)) << (8 * (5 - chunk.len()));
        for digit in 0..(chunk.len() * 8).div_ceil(5) {
            text.push(char::from(DIGITS_32[(bits >> (35 - 5 * digit)) as usize & 31]));
        }
    }
    text
}

/// The bytes of base32; none, if it has other digits.
pub fn of_base32(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0u32, 0);
    for digit in text.bytes() {
        let value = DIGITS_32.iter().position(|known| *known == digit)? as u32;
        (bits, held) = (bits << 5 | value, held + 5);
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_gives_what_the_rfc_gives() {
        // RFC 4648 §10, without padding.
        for (bytes, text) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg")] {
            assert_eq!(base64url(bytes.as_bytes()), text);
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn base32_gives_what_the_rfc_gives_and_takes_it_back() {
        assert_eq!(of_base32("MY1"), None);
        // RFC 4648 §10, without padding.
        let vectors = [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ")];
        for (bytes, text) in
            vectors.into_iter().chain([("", ""), ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI")])
        {
            assert_eq!(base32(bytes.as_bytes()), text);
            assert_eq!(of_base32(text).as_deref(), Some(bytes.as_bytes()));
        }
    }
}
