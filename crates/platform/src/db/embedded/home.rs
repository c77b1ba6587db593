//! Where the private PostgreSQL lives: its home, its socket, and the lock that keeps a second server out.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{
    DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown, lchown, symlink,
};
use std::path::{Path, PathBuf};

use nix::fcntl::{Flock, FlockArg, OFlag};

use super::EmbeddedError;
use super::error::Doing;
use super::identity::Identity;

/// Where root puts the home when the database user may not enter the data directory, as under `/root`.
const ELSEWHERE: &str = "/var/lib/coinslot";

const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// `sun_path` holds 108 bytes, the last of which is zero.
const SOCKET_PATH_MAX: usize = 107;

/// The directories in use, and the lock on them for as long as this value lives.
#[derive(Debug)]
pub(super) struct Home {
    pub(super) home: PathBuf,
    pub(super) socket_dir: PathBuf,
    pub(super) identity: Identity,
    _lock: Flock<File>,
}

impl Home {
    /// Creates what is missing under `data_dir`, locks it and makes it usable for the database user.
    pub(super) fn claim(data_dir: &Path) -> Result<Self, EmbeddedError> {
        fs::create_dir_all(data_dir).doing("creating", data_dir)?;
        let data_dir = data_dir.canonicalize().doing("resolving", data_dir)?;
        let named = data_dir.join("postgres");
        let identity = Identity::choose(&[&named.join("cluster"), &named, &data_dir])?;
        let home = find_or_create_home(&named, &data_dir, identity)?;
        refuse_foreign(&home, identity)?;
        let lock = lock(&home, identity)?;
        require_entry(&home, identity)?;
        let socket_dir = claim_socket_dir(&home, identity)?;
        Ok(Self { home, socket_dir, identity, _lock: lock })
    }

    pub(super) fn cluster(&self) -> PathBuf {
        self.home.join("cluster")
    }

    pub(super) fn logs(&self) -> PathBuf {
        self.home.join("log")
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.socket_dir.join(SOCKET_NAME)
    }

    /// Opens a file of the server in the home, empty and readable for the database user.
    pub(super) fn create_file(&self, name: &str) -> Result<File, EmbeddedError> {
        let file = open_in(&self.home, name, self.identity)?;
        file.set_len(0).doing("emptying", &self.home.join(name))?;
        Ok(file)
    }

    /// Creates a directory in the home that only the database user may use, if it is missing.
    pub(super) fn create_dir(&self, name: &str) -> Result<PathBuf, EmbeddedError> {
        let dir = self.home.join(name);
        create_private_dir(&dir, self.identity)?;
        Ok(dir)
    }
}

/// `named` is either the home itself or a link to one that an earlier start put elsewhere.
fn find_or_create_home(named: &Path, data_dir: &Path, identity: Identity) -> Result<PathBuf, EmbeddedError> {
    if named.symlink_metadata().is_ok() {
        return named.canonicalize().doing("resolving", named);
    }
    let owner = data_dir.metadata().doing("reading", data_dir)?;
    if identity.drop_root && owner.uid() == 0 {
        let mode = owner.mode() | 0o111;
        fs::set_permissions(data_dir, Permissions::from_mode(mode)).doing("opening up", data_dir)?;
    }
    if identity.drop_root && !identity.can_enter(data_dir) {
        return create_home_elsewhere(named);
    }
    create_home(named, if identity.drop_root { 0o711 } else { 0o700 })?;
    if identity.drop_root {
        lchown(named, Some(owner.uid()), Some(owner.gid())).doing("changing the owner of", named)?;
    }
    Ok(named.to_owned())
}

/// Makes a new home that is linked to, never one that is found again by the name of the data directory: whoever
/// deletes a data directory must not meet the old data in the next one.
fn create_home_elsewhere(link: &Path) -> Result<PathBuf, EmbeddedError> {
    let parent = Path::new(ELSEWHERE);
    fs::create_dir_all(parent).doing("creating", parent)?;
    fs::set_permissions(parent, Permissions::from_mode(0o755)).doing("opening up", parent)?;
    let free = |home: &PathBuf| home.symlink_metadata().is_err();
    let home = (1_u32..).map(|n| parent.join(format!("postgres-{n}"))).find(free).unwrap_or_default();
    create_home(&home, 0o711)?;
    symlink(&home, link).doing("linking", link)?;
    let path = home.display();
    tracing::warn!(home = %path, "the database user may not enter the data directory, so the database lives elsewhere");
    Ok(home)
}

/// The mode is set apart from the creation, which the umask would narrow.
fn create_home(home: &Path, mode: u32) -> Result<(), EmbeddedError> {
    fs::create_dir(home).doing("creating", home)?;
    fs::set_permissions(home, Permissions::from_mode(mode)).doing("setting the mode of", home)
}

fn refuse_foreign(home: &Path, identity: Identity) -> Result<(), EmbeddedError> {
    let owner = home.metadata().doing("reading", home)?.uid();
    if identity.drop_root || owner == identity.uid {
        return Ok(());
    }
    Err(EmbeddedError::NotOwner { path: home.to_owned(), owner })
}

fn lock(home: &Path, identity: Identity) -> Result<Flock<File>, EmbeddedError> {
    let file = open_in(home, "lock", identity)?;
    Flock::lock(file, FlockArg::LockExclusiveNonblock).map_err(|_| EmbeddedError::InUse(home.to_owned()))
}

/// Opens a file in the home for writing, owned like the home so that its owner can start the server, too, after
/// root did. A link is not followed: the home may belong to a less privileged user.
fn open_in(home: &Path, name: &str, identity: Identity) -> Result<File, EmbeddedError> {
    let path = home.join(name);
    let no_follow = OFlag::O_NOFOLLOW.bits();
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o644).custom_flags(no_follow);
    let file = options.open(&path).doing("opening", &path)?;
    if identity.drop_root {
        let owner = home.metadata().doing("reading", home)?;
        fchown(&file, Some(owner.uid()), Some(owner.gid())).doing("changing the owner of", &path)?;
    }
    file.set_permissions(Permissions::from_mode(0o644)).doing("setting the mode of", &path)?;
    Ok(file)
}

fn require_entry(home: &Path, identity: Identity) -> Result<(), EmbeddedError> {
    if !identity.drop_root || identity.can_enter(home) {
        return Ok(());
    }
    let mut from_the_root: Vec<&Path> = home.ancestors().collect();
    from_the_root.reverse();
    let blocked = from_the_root.into_iter().find(|dir| !identity.can_enter(dir)).unwrap_or(home);
    Err(EmbeddedError::Unreachable { uid: identity.uid, blocked: blocked.to_owned() })
}

/// The socket lives in the home unless its path is too long or holds what connection strings and PostgreSQL's
/// list of socket directories cannot; then in a short directory that is found again by the home's inode. In `/tmp`
/// anybody could have made that before us, so the owner and the mode are verified.
fn claim_socket_dir(home: &Path, identity: Identity) -> Result<PathBuf, EmbeddedError> {
    let inside = home.join("socket");
    if fits_a_socket(&inside) {
        create_private_dir(&inside, identity)?;
        return Ok(inside);
    }
    let owned = home.metadata().doing("reading", home)?;
    let parent = if identity.drop_root { "/run" } else { "/tmp" };
    let short = PathBuf::from(format!("{parent}/coinslot-{:x}-{:x}", owned.dev(), owned.ino()));
    create_private_dir(&short, identity)?;
    let found = short.symlink_metadata().doing("reading", &short)?;
    if found.is_dir() && found.uid() == identity.uid && found.mode() & 0o077 == 0 {
        return Ok(short);
    }
    Err(EmbeddedError::UnsafeSocketDir { path: short, uid: identity.uid })
}

fn fits_a_socket(dir: &Path) -> bool {
    let Some(text) = dir.to_str() else { return false };
    let awkward = |c: char| c.is_control() || matches!(c, ',' | '"' | '\'' | '\\');
    text.len() + 1 + SOCKET_NAME.len() <= SOCKET_PATH_MAX && !text.contains(awkward)
}

fn create_private_dir(dir: &Path, identity: Identity) -> Result<(), EmbeddedError> {
    match DirBuilder::new().mode(0o700).create(dir) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error).doing("creating", dir),
        _ => {}
    }
    if !identity.drop_root {
        return Ok(());
    }
    lchown(dir, Some(identity.uid), Some(identity.gid)).doing("changing the owner of", dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn socket_paths_up_to_107_bytes_fit() {
        let dir = |len: usize| PathBuf::from(format!("/{}", "d".repeat(len - 1)));
        assert!(fits_a_socket(&dir(93)));
        assert!(!fits_a_socket(&dir(94)));
    }

    #[test]
    fn characters_that_connection_strings_cannot_hold_do_not_fit() {
        assert!(fits_a_socket(Path::new("/my data/投币@50%/socket")));
        assert!(!fits_a_socket(Path::new("/a,b/socket")));
        assert!(!fits_a_socket(Path::new("/it's/socket")));
    }
}
