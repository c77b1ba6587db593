//! Passwords: argon2id, a few at a time, and as slow for a name that does not exist as for one that does.

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use base::problem::Problem;
use tokio::sync::Semaphore;

/// Memory of one hash in KiB; with two passes and one lane the second recommendation of OWASP's password cheat sheet.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// What a password is compared with when there is no account: the same parameters, so the same time.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and verifies on threads of their own, about as many at once as there are cores: a flood of sign-ins must
/// leave the machine to the authorizations.
#[derive(Debug)]
pub struct Passwords {
    permits: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Passwords { permits: Semaphore::new(cores) }
    }
}

impl Passwords {
    /// The PHC string to store.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` when the hasher fails, which it does not for these parameters.
    pub async fn hash(&self, password: &str) -> Result<String, Problem> {
        let password = password.to_owned();
        self.off_the_runtime(move || {
            let hash = hasher().hash_password(password.as_bytes());
            hash.map(|hash| hash.to_string()).map_err(Problem::internal)
        })
        .await?
    }

    /// Whether the password fits the stored hash. Without a hash (no such account) it takes as long and is false.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` when the stored text is no hash.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, Problem> {
        let password = password.to_owned();
        let is_known = stored.is_some();
        let stored = stored.unwrap_or(NOBODYS_HASH).to_owned();
        let fits = self
            .off_the_runtime(move || match hasher().verify_password(password.as_bytes(), stored.as_str()) {
                Ok(()) => Ok(true),
                Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(Problem::internal(error)),
            })
            .await??;
        Ok(fits && is_known)
    }

    async fn off_the_runtime<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let _permit = self.permits.acquire().await.map_err(Problem::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Problem::internal)
    }
}

fn hasher() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_fits_its_own_password_only() {
        let passwords = Passwords::default();
        let hash = passwords.hash("Operator12345").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("Operator12345", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("operator12345", Some(&hash)).await.unwrap());
        assert_ne!(hash, passwords.hash("Operator12345").await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        assert!(!Passwords::default().verify("anything", None).await.unwrap());
        let params = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        let real = Passwords::default().hash("x").await.unwrap();
        assert_eq!(params(NOBODYS_HASH), params(&real));
        assert_eq!(NOBODYS_HASH.len(), real.len());
    }
}
