//! The file of `predict --values`: found, read whole, and understood by what the options say of it.

use std::path::{Path, PathBuf};

use super::exports::{DecimalMark, Inputs};
use super::plan::{date_order, delimiter};
use super::progress::Progress;
use crate::crm::files::{self, Origin};
use crate::crm::read::Settings;
use crate::crm::value::Mark;
use crate::diagnostic::{Code, Diagnostic, Failure, Location, Severity};
use crate::predict::values::{self, Choice, Values};

/// Reads a file of values; with it where it is, so that nothing is written over it. What the configuration says of the CRM's exports is not
/// said of this file.
pub(super) fn read(name: &str, args: &Inputs, measures: Choice, progress: &Progress) -> Result<(Values, Vec<PathBuf>), Failure> {
    let choice = Choice {
        settings: Settings { delimiter: args.delimiter.as_deref().map(delimiter).transpose()?, encoding: args.encoding.clone() },
        mark: args.decimal_mark.map(|mark| if mark == DecimalMark::Comma { Mark::Comma } else { Mark::Point }),
        order: args.date_order.map(date_order),
        ..measures
    };
    let found = files::find(&[name], Path::new(""));
    let wrong: Vec<Diagnostic> = found.diagnostics.into_iter().filter(|d| d.severity == Severity::Error).collect();
    if !wrong.is_empty() {
        return Err(Failure(wrong));
    }
    let input = match found.inputs.as_slice() {
        [input] if input.named => input,
        _ => {
            let what =
                if Path::new(name).is_dir() { "this is a folder, and no file of values" } else { "this names no single file of values" };
            return Err(Diagnostic::error(Code::NoInput, what).at(Location::file(name)).hint("name the one file with the values").into());
        }
    };
    progress.fetching(&input.name);
    let bytes = input.bytes(|| progress.read_to_end(std::io::stdin().lock(), "standard input"))?;
    progress.counting();
    let place = match &input.origin {
        Origin::File(path) => path.canonicalize().ok(),
        Origin::Stdin => None,
    };
    let values = values::values(&input.name, input.inside.as_deref(), bytes, &choice)?;
    Ok((values, place.into_iter().collect()))
}
