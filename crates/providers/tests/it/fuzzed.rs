//! What the fuzzer was given and has found, through the same checks.

#[path = "../../fuzz/src/lib.rs"]
mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::golden::files;

fn folder(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz")).join(name)
}

#[test]
fn every_target_takes_its_whole_corpus() {
    for (name, _) in targets::TARGETS {
        let corpus = files(&folder("corpus").join(name));
        assert!(!corpus.is_empty(), "no corpus for {name}");
        for file in corpus {
            let data = fs::read(&file).unwrap();
            let run = std::panic::catch_unwind(|| targets::run(name, &data));
            assert!(run.is_ok(), "{} fails {name}", file.display());
        }
    }
}

#[test]
fn every_check_is_a_target_with_a_corpus_and_every_corpus_has_its_target() {
    let names: BTreeSet<String> = targets::TARGETS.map(|(name, _)| name.to_owned()).into();
    let in_folder = |path: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(folder(path)).unwrap();
        let name = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
        entries.map(|entry| name(entry.unwrap().path())).collect()
    };

    assert_eq!(in_folder("fuzz_targets"), names);
    assert_eq!(in_folder("corpus"), names);
}
