//! The user the database runs as: PostgreSQL refuses to run as root.

use std::fs;
use std::os::unix::fs::{MetadataExt, lchown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::unistd::{User, getegid, geteuid};

use super::EmbeddedError;
use super::error::Doing;

/// Tried in this order when a root server finds no owner in the directories themselves.
const USERS: [&str; 2] = ["postgres", "nobody"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) uid: u32,
    pub(super) gid: u32,
    /// Whether the server is root, so that processes must drop to this user and files be given to it.
    pub(super) drop_root: bool,
}

impl Identity {
    /// The server's own user; for root the owner of the first of `paths` that belongs to somebody else, then the
    /// first of [`USERS`].
    pub(super) fn choose(paths: &[&Path]) -> Result<Self, EmbeddedError> {
        if !geteuid().is_root() {
            return Ok(Self { uid: geteuid().as_raw(), gid: getegid().as_raw(), drop_root: false });
        }
        let owned = paths.iter().filter_map(|path| fs::metadata(path).ok()).find(|owned| owned.uid() != 0);
        if let Some(owned) = owned {
            return Ok(Self { uid: owned.uid(), gid: owned.gid(), drop_root: true });
        }
        let user = USERS.iter().find_map(|name| User::from_name(name).ok().flatten());
        let user = user.ok_or(EmbeddedError::NoUser)?;
        Ok(Self { uid: user.uid.as_raw(), gid: user.gid.as_raw(), drop_root: true })
    }

    /// A command that runs as this user, in a directory it may enter, with English messages and without
    /// variables that would change what PostgreSQL does.
    pub(super) fn command(self, program: &Path, dir: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(dir).stdin(Stdio::null()).env("LC_ALL", "C");
        for name in ["PGDATA", "PGPORT", "PGTZ", "PGDATESTYLE", "PGCLIENTENCODING"] {
            command.env_remove(name);
        }
        if self.drop_root {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Whether this user may enter `dir`. Trying it is the only answer that knows of ACLs and network mounts.
    pub(super) fn can_enter(self, dir: &Path) -> bool {
        self.command(Path::new("/bin/sh"), dir)
            .args(["-c", ":"])
            .status()
            .is_ok_and(|status| status.success())
    }

    /// Gives a tree to this user that belongs to root, as one does that root restored from a backup.
    pub(super) fn take_over(self, tree: &Path) -> Result<(), EmbeddedError> {
        let owner = tree.metadata().doing("reading", tree)?.uid();
        if !self.drop_root || owner == self.uid {
            return Ok(());
        }
        self.give(tree)
    }

    fn give(self, path: &Path) -> Result<(), EmbeddedError> {
        lchown(path, Some(self.uid), Some(self.gid)).doing("changing the owner of", path)?;
        if !path.symlink_metadata().doing("reading", path)?.is_dir() {
            return Ok(());
        }
        for entry in fs::read_dir(path).doing("reading", path)? {
            self.give(&entry.doing("reading", path)?.path())?;
        }
        Ok(())
    }
}
