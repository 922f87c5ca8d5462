//! The `leadlag` program: it parses its arguments, runs, and maps the outcome to an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(leadlag::run(std::env::args_os()).code())
}
