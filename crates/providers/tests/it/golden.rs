//! Expected results, a file each under `tests/golden`, which a person has read.
//!
//! A result that differs from its file is written beside it, with `.new` at the end of its name;
//! once read, it is moved over the file.

mod full;
mod pretty;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) use pretty::pretty;

/// One folder of expected results, each of which has to be asked for.
pub(crate) struct Golden {
    folder: PathBuf,
    asked: BTreeSet<PathBuf>,
    wrong: Vec<String>,
}

impl Golden {
    /// The expected results in `tests/golden/{folder}`.
    pub(crate) fn new(folder: &str) -> Self {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden")).join(folder);
        Self { folder, asked: BTreeSet::new(), wrong: Vec::new() }
    }

    /// Compares `text` with the file `name`.
    pub(crate) fn check(&mut self, name: &str, text: &str) {
        let file = self.folder.join(name);
        let new = file.with_file_name(format!("{}.new", file.file_name().unwrap().display()));
        assert!(self.asked.insert(file.clone()), "{name} twice");
        if fs::read_to_string(&file).is_ok_and(|expected| expected == text) {
            let _ = fs::remove_file(new);
            return;
        }
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&new, text).unwrap();
        self.wrong.push(format!("{name} is not as expected, see {}", new.display()));
    }

    /// Panics if any result was another one, or any file was not asked for.
    pub(crate) fn finish(mut self) {
        for file in files(&self.folder) {
            if !self.asked.contains(&file) && file.extension().is_none_or(|end| end != "new") {
                self.wrong.push(format!("{} is nobody's result", file.display()));
            }
        }
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
    }
}

/// Every file in a folder and the folders in it.
pub(crate) fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path);
        }
    }
    found
}
