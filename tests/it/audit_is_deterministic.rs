//! Does the same study give the same bytes, whatever the number of threads?

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chaland::study::progress::Silent;
use chaland::study::results_folder::ResultsFolder;
use chaland::study::write::write_results;
use chaland::study::{audit, open};

/// All files of an audit of a sample town, computed on `threads` threads.
fn files_of(name: &str, threads: usize) -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples").join(name);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool can be made");
    let target = tempfile::tempdir().expect("a temporary folder");
    let written = pool.install(|| {
        let opened = open::open(&folder).expect("a study");
        let result = audit(&opened.manifest, &folder, &Silent).expect("a sample town can be audited");
        let results = ResultsFolder::begin(&target.path().join("results")).expect("results can begin");
        write_results(&result, opened.manifest.study.language, results).expect("results can be written")
    });
    let read = |file: &String| (file.clone(), fs::read(written.folder.join(file)).expect("a written file can be read"));
    written.files.iter().map(read).collect()
}

fn assert_same(name: &str) {
    let (one, two, again) = (files_of(name, 1), files_of(name, 2), files_of(name, 2));
    assert!(one.len() >= 7, "{:?}", one.keys());
    for (file, bytes) in &one {
        assert!(two[file] == *bytes, "{name}: {file} differs between 1 and 2 threads");
        assert!(again[file] == *bytes, "{name}: {file} differs between two runs");
    }
}

#[test]
fn bourg_gives_the_same_bytes_on_one_and_two_threads() {
    assert_same("bourg");
}

#[test]
fn dublin_gives_the_same_bytes_on_one_and_two_threads() {
    assert_same("dublin");
}

#[test]
fn liege_gives_the_same_bytes_on_one_and_two_threads() {
    assert_same("liege");
}

/// A table with its rows in reverse order, its header where it was.
fn reversed(table: &str) -> String {
    let mut lines = table.lines();
    let header = lines.next().expect("a header");
    let rows: Vec<&str> = lines.collect();
    std::iter::once(header).chain(rows.into_iter().rev()).map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples/bourg");
    let town = tempfile::tempdir().expect("a temporary folder");
    for entry in fs::read_dir(&sample).expect("the sample is there") {
        let path = entry.expect("an entry").path();
        let to = town.path().join(path.file_name().expect("a name"));
        match path.extension().and_then(|e| e.to_str()) {
            Some("csv") => fs::write(to, reversed(&fs::read_to_string(&path).expect("text"))).expect("written"),
            _ if path.is_file() => fs::copy(&path, to).map(|_| ()).expect("copied"),
            _ => {}
        }
    }
    let canvas_of = |folder: &Path| {
        let opened = open::open(folder).expect("a study");
        audit(&opened.manifest, folder, &Silent).expect("the drawn town can be audited").canvas
    };
    let (straight, turned) = (canvas_of(&sample), canvas_of(town.path()));
    assert_eq!(straight.friction_points, turned.friction_points);
    assert_eq!(straight.town, turned.town);
    assert_eq!(straight.districts, turned.districts);
    assert_eq!(straight.foot_traffic, turned.foot_traffic);
}
