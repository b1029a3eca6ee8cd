//! The folder that a journal is in: who may use it, what it is called, which files are in it.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::JournalError;

const LOCK_FILE: &str = "lock";
const ID_FILE: &str = "id";
const REJECTED_FILE: &str = "rejected.jsonl";
const SEGMENT: &str = "segment";
const DAMAGED: &str = "damaged";
/// How many damaged segments are kept.
const MAX_DAMAGED: usize = 4;

/// A journal's folder, which nobody else writes to as long as this lives.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// The journal's id, 32 hex digits.
    pub(crate) id: String,
    /// Held as long as the folder is.
    _lock: File,
}

impl Folder {
    /// Takes the folder at `path`, and makes it where there is none.
    ///
    /// # Errors
    /// Where another process has it, or the disk fails.
    pub(crate) fn take(path: &Path) -> Result<Self, JournalError> {
        let failed = |what| move |source| JournalError::Disk { what, path: path.into(), source };
        make_private(path).map_err(failed("made"))?;
        let lock = open_private(&path.join(LOCK_FILE)).map_err(failed("locked"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::InUse { path: path.into() }),
            Err(TryLockError::Error(source)) => return Err(failed("locked")(source)),
        }
        let id = id_in(path).map_err(failed("read"))?;
        Ok(Self { path: path.into(), id, _lock: lock })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where records are kept that the database refuses.
    pub(crate) fn rejected(&self) -> PathBuf {
        self.path.join(REJECTED_FILE)
    }

    /// The file of a segment.
    pub(crate) fn segment(&self, number: u64) -> PathBuf {
        self.path.join(format!("{number:016}.{SEGMENT}"))
    }

    /// The numbers of its segments, the oldest first.
    ///
    /// # Errors
    /// Those of the disk.
    pub(crate) fn segments(&self) -> io::Result<Vec<u64>> {
        self.numbers(SEGMENT)
    }

    /// Puts a damaged segment aside, for somebody to look at, and removes the oldest of those that
    /// are there already when they become too many.
    ///
    /// # Errors
    /// Those of the disk.
    pub(crate) fn put_aside(&self, number: u64) -> io::Result<()> {
        let aside = |number: u64| self.path.join(format!("{number:016}.{DAMAGED}"));
        fs::rename(self.segment(number), aside(number))?;
        let all = self.numbers(DAMAGED)?;
        let old = all.len().saturating_sub(MAX_DAMAGED);
        all.into_iter().take(old).try_for_each(|number| fs::remove_file(aside(number)))
    }

    /// Makes sure that the names of new files outlast a loss of power.
    ///
    /// # Errors
    /// Those of the disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }

    fn numbers(&self, extension: &str) -> io::Result<Vec<u64>> {
        let mut numbers = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let name = entry?.file_name();
            let number = name.to_str().and_then(|name| name.split_once('.'));
            let number = number.filter(|(_, rest)| *rest == extension);
            numbers.extend(number.and_then(|(number, _)| number.parse::<u64>().ok()));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }
}

/// The id in the folder, which is made where there is none, or none that can be one.
fn id_in(folder: &Path) -> io::Result<String> {
    let path = folder.join(ID_FILE);
    match fs::read_to_string(&path) {
        Ok(text) if is_id(text.trim()) => return Ok(text.trim().to_owned()),
        Ok(_) => tracing::error!(
            "The file {} is damaged: the journal gets another id, and what was shipped of it is \
             looked for in the database row by row",
            path.display()
        ),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let id = format!("{:032x}", rand::random::<u128>());
    let new = folder.join(format!("{ID_FILE}.new"));
    let mut file = open_private(&new)?;
    file.set_len(0)?;
    file.write_all(id.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, &path)?;
    File::open(folder)?.sync_all()?;
    Ok(id)
}

fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Opens a file that only its owner may read, and makes it where there is none.
pub(crate) fn open_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_user_at_a_time_and_keeps_its_id() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("data").join("journal");
        let first = Folder::take(&path).unwrap();

        let second = Folder::take(&path).unwrap_err();
        assert!(matches!(second, JournalError::InUse { .. }));
        assert!(second.to_string().contains("data/journal"), "{second}");
        let id = first.id.clone();
        drop(first);

        assert_eq!(Folder::take(&path).unwrap().id, id);
        fs::write(path.join("id"), "garbage").unwrap();
        let other = Folder::take(&path).unwrap().id;
        assert!(is_id(&other) && other != id);
    }

    #[test]
    fn a_few_damaged_segments_are_kept() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::take(root.path()).unwrap();
        for number in 1..=6 {
            fs::write(folder.segment(number), "damage").unwrap();
            folder.put_aside(number).unwrap();
        }

        assert_eq!(folder.numbers(DAMAGED).unwrap(), [3, 4, 5, 6]);
        assert_eq!(folder.segments().unwrap(), Vec::<u64>::new());
    }
}
