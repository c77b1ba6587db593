//! The files of reports. One is seen under its name only when it is whole and on the disk.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};
use base::ids::ReportId;
use uuid::Uuid;

use super::{Report, ReportFormat};

/// Ends the name of a file that is being written.
const PART: &str = "part";
const CHUNK_BYTES: usize = 64 * 1024;

/// Where the files of reports lie.
#[derive(Clone, Debug)]
pub struct Directory(PathBuf);

/// A file whose contents are those that were written.
#[derive(Debug)]
pub struct Opened {
    pub file: File,
    pub size: u64,
}

/// What was written.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) size: i64,
    pub(super) sha256: Vec<u8>,
}

/// A file of the directory by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) report_id: ReportId,
    pub(super) is_part: bool,
}

impl Directory {
    /// The directory in the data directory. It is made when something is written.
    #[must_use]
    pub fn below(data_dir: &Path) -> Self {
        Directory(data_dir.join("reports"))
    }

    fn path(&self, id: ReportId, format: ReportFormat) -> PathBuf {
        self.0.join(format!("{id}.{}", format.extension()))
    }

    /// Writes a report's file: first under another name, then, when it is on the disk, under its own.
    ///
    /// # Errors
    /// The file system's.
    pub(super) fn write(&self, id: ReportId, format: ReportFormat, bytes: &[u8]) -> io::Result<Written> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.0)?;
        let part = self.0.join(format!("{id}.{}.{PART}", Uuid::new_v4().simple()));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        let renamed = written.and_then(|()| fs::rename(&part, self.path(id, format)));
        if let Err(error) = renamed {
            // What cannot be removed now is removed when reports are cleared away.
            drop(fs::remove_file(&part));
            return Err(error);
        }
        File::open(&self.0)?.sync_all()?;
        let size = i64::try_from(bytes.len()).map_err(io::Error::other)?;
        Ok(Written { size, sha256: aws_lc_rs::digest::digest(&SHA256, bytes).as_ref().to_vec() })
    }

    /// Opens a report's file after comparing it with what was written. `None` when it is not there, or not the same.
    ///
    /// # Errors
    /// The file system's.
    pub fn open(&self, report: &Report) -> io::Result<Option<Opened>> {
        let mut file = match File::open(self.path(report.id, report.format)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let size = file.metadata()?.len();
        let is_as_long = report.file_size.is_some_and(|expected| u64::try_from(expected) == Ok(size));
        if !is_as_long || report.file_sha256 != Some(sha256(&mut file)?) {
            tracing::error!(report = %report.id, "the file of a report is not what was written");
            return Ok(None);
        }
        file.rewind()?;
        Ok(Some(Opened { file, size }))
    }

    /// Every file that belongs, or belonged, to a report.
    ///
    /// # Errors
    /// The file system's.
    pub(super) fn files(&self) -> io::Result<Vec<Found>> {
        let entries = match fs::read_dir(&self.0) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut found = Vec::new();
        for entry in entries {
            found.extend(named(entry?.path()));
        }
        Ok(found)
    }
}

/// What the file is by its name; `None` for a stranger's.
fn named(path: PathBuf) -> Option<Found> {
    let name = path.file_name()?.to_str()?;
    let report_id = name.split('.').next()?.parse().ok()?;
    let is_part = path.extension().is_some_and(|extension| extension == PART);
    Some(Found { report_id, is_part, path })
}

fn sha256(file: &mut File) -> io::Result<Vec<u8>> {
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(context.finish().as_ref().to_vec()),
            read => context.update(&buffer[..read]),
        }
    }
}
