//! What commands that work on somebody's own tables are asked and answer.

use std::path::Path;
use std::process::Command;

/// Exit code, stdout and stderr of a command in a folder.
pub fn run_in(folder: &Path, command: &str, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_chaland"))
        .current_dir(folder)
        .arg(command)
        .args(arguments)
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("an exit code"), text(output.stdout), text(output.stderr))
}

/// Rows of a CSV, cells by the names of their columns.
pub fn rows(text: &str) -> Vec<Vec<(String, String)>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().expect("a header").clone();
    let row =
        |row: csv::StringRecord| heads.iter().zip(&row).map(|(h, cell)| (h.to_owned(), cell.to_owned())).collect();
    reader.records().map(|record| row(record.expect("a row"))).collect()
}

pub fn cell<'a>(row: &'a [(String, String)], name: &str) -> &'a str {
    &row.iter().find(|(head, _)| head == name).expect("a column").1
}
