//! Is every seed of the fuzz targets answered as it must be? The targets themselves are run beside the tests, for hours;
//! what they found is a seed, and stays found.

use std::fs;
use std::path::{Path, PathBuf};

#[path = "../../fuzz/bodies/lib.rs"]
mod bodies;

fn seeds() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn every_seed_is_answered() {
    for (target, _) in bodies::TARGETS {
        let folder = seeds().join(target);
        let seeds = names(&folder);
        assert!(seeds.len() > 2, "{target} has {} seeds", seeds.len());
        for seed in seeds {
            let bytes = fs::read(folder.join(&seed)).expect("a seed");
            assert!(bytes.len() <= 16 * 1024, "{target}/{seed} is {} bytes: too large to start from", bytes.len());
            let answered = std::panic::catch_unwind(|| bodies::run(target, &bytes));
            assert!(answered.is_ok(), "{target}/{seed} is not answered as it must be, see above");
        }
    }
}

/// A target without a folder has no seeds, and a folder without a target is never run.
#[test]
fn every_target_has_its_folder_and_its_program() {
    let known: Vec<&str> = bodies::TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(names(&seeds()), known);
    let programs: Vec<String> = known.iter().map(|name| format!("{name}.rs")).collect();
    assert_eq!(names(&seeds().with_file_name("fuzz_targets")), programs);
}
