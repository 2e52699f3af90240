//! The command line.
//!
//! In: arguments. Out: the result on stdout, what there is to say on stderr, and an exit code: 0 done, 1 `--strict` and
//! error notices exist (the results are written all the same), 2 could not finish or wrong usage.

mod access;
mod access_arguments;
mod arguments;
mod catchment;
mod catchment_arguments;
mod check;
mod commands;
mod compare;
mod counts;
mod failure;
mod flow;
mod flow_lines;
mod indicators;
mod network;
mod out_file;
mod output;
mod parking;
mod plain_file;
mod progress;
mod reach;
mod reach_supply;
mod reach_tables;
mod rules;
mod summary;

use std::process::ExitCode;

use clap::Parser;

use crate::base::freed_memory::keep_freed_memory;
use arguments::Arguments;

/// What the process ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// All is done.
    Done,
    /// All is done, and something was lost on the way that `--strict` does not allow.
    Strict,
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    keep_freed_memory();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        // Prints help to stdout with code 0, wrong usage to stderr with code 2.
        Err(error) => error.exit(),
    };
    match commands::run(&arguments.command) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Strict) => ExitCode::from(1),
        Err(error) => {
            failure::show(&error);
            ExitCode::from(2)
        }
    }
}
