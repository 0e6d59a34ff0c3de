//! Passwords, tokens and what is kept of them.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::account::{Password, Secret};
use sha2::{Digest as _, Sha256};
use store::account::Digest;

/// What every token begins with, so that people and scanners know it when they see it.
pub const TOKEN_PREFIX: &str = "cadastre_";

/// A hash of nobody's password, at the cost of [`hash_password`].
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGF0IGFsbA$\
    MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE";

/// Why a secret could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The operating system gives no random numbers.
    #[error("the operating system gives no random numbers")]
    Random(#[source] getrandom::Error),
    /// The password could not be hashed.
    #[error("the password could not be hashed; is there little memory left?")]
    Hash(#[source] argon2::password_hash::Error),
}

/// The argon2id hash of a password, with a random salt, in the PHC text form (19 MiB, 2 passes, one
/// lane: the least that OWASP advises). Takes tens of milliseconds.
///
/// # Errors
/// [`SecretError`] without random numbers or memory.
pub fn hash_password(password: &Password) -> Result<Secret, SecretError> {
    let hash = Argon2::default()
        .hash_password(password.reveal().as_bytes())
        .map_err(SecretError::Hash)?;
    Ok(Secret::new(hash.to_string()))
}

/// Whether this is the password of the hash. Without a hash the answer is no, after the same time.
pub fn is_password(given: &Secret, hash: Option<&Secret>) -> bool {
    let fits = PasswordHash::new(hash.map_or(NOBODY, Secret::reveal)).is_ok_and(|known| {
        let given = given.reveal().as_bytes();
        Argon2::default().verify_password(given, &known).is_ok()
    });
    fits && hash.is_some()
}

/// A new token: its prefix and 256 random bits.
///
/// # Errors
/// [`SecretError::Random`].
pub fn new_token() -> Result<Secret, SecretError> {
    let random = random()?;
    Ok(Secret::new(format!("{TOKEN_PREFIX}{}", random.reveal())))
}

/// 256 random bits as text: 43 letters, digits, `-` and `_`.
///
/// # Errors
/// [`SecretError::Random`].
pub fn random() -> Result<Secret, SecretError> {
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(random_bytes()?)))
}

/// 256 random bits.
pub(super) fn random_bytes() -> Result<[u8; 32], SecretError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(SecretError::Random)?;
    Ok(bytes)
}

/// What is kept of a token or of the identifier of a session.
pub fn digest(secret: &Secret) -> Digest {
    Sha256::digest(secret.reveal()).into()
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub(super) fn same(one: &str, other: &str) -> bool {
    Sha256::digest(one) == Sha256::digest(other)
}

#[cfg(test)]
mod tests {
    use argon2::Params;

    use super::*;

    fn password(text: &str) -> Password {
        Password::try_from(Secret::new(text)).unwrap()
    }

    #[test]
    fn a_password_is_known_by_its_hash_alone() {
        let hash = hash_password(&password("тачна лозинка 1")).unwrap();
        assert!(hash.reveal().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        for (given, fits) in [
            ("тачна лозинка 1", true),
            ("тачна лозинка 2", false),
            ("", false),
        ] {
            assert_eq!(
                is_password(&Secret::new(given), Some(&hash)),
                fits,
                "{given}"
            );
        }
        let again = hash_password(&password("тачна лозинка 1")).unwrap();
        assert_ne!(again, hash, "the salt is random");
    }

    #[test]
    fn nobody_costs_as_much_as_somebody() {
        assert!(!is_password(&Secret::new("nobody at all"), None));
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let params = Params::try_from(&nobody).unwrap();
        let cost = |params: &Params| [params.m_cost(), params.t_cost(), params.p_cost()];
        assert_eq!(cost(&params), cost(&Params::DEFAULT));
        assert!(nobody.hash.is_some() && nobody.salt.is_some());
    }

    #[test]
    fn the_digest_is_sha_256() {
        // NIST, Secure Hash Standard, example of one block: "abc".
        let known = [
            0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae,
            0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61,
            0xf2, 0x00, 0x15, 0xad,
        ];
        assert_eq!(digest(&Secret::new("abc")), known);
    }

    #[test]
    fn tokens_are_long_and_never_twice_the_same() {
        let (one, other) = (new_token().unwrap(), new_token().unwrap());
        assert_eq!(one.reveal().len(), TOKEN_PREFIX.len() + 43);
        assert_ne!(one, other);
    }
}
