//! The earlier report of `report --since`: its file read, and the measures that it needs.

use std::fs;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use super::exports::Inputs;
use super::plan::configure;
use crate::cli::Global;
use crate::diagnostic::{Code, Diagnostic, Failure, Location};
use crate::measure::Catalog;
use crate::report::Earlier;

/// A report is no larger than this, in bytes.
const LARGEST: u64 = 1 << 30;

/// Reads an earlier report; where `output` is to become this very file and it is not there yet, a note that this run is the first.
pub(super) fn read(path: &str, output: Option<&str>) -> Result<Result<Earlier, Diagnostic>, Failure> {
    let failed = |code: Code, message: String| Diagnostic::error(code, message).at(Location::file(path));
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == ErrorKind::NotFound => {
            if output.is_some_and(|output| same(path, output)) {
                let said = Diagnostic::note(Code::NotFound, "there is no earlier report yet: what this run writes is the first");
                return Ok(Err(said.at(Location::file(path))));
            }
            let said = failed(Code::NotFound, "there is no such report".to_owned());
            return Err(said
                .hint("write one with -o last.json; a run that writes the file of --since itself does without it the first time")
                .into());
        }
        Err(e) => return Err(failed(Code::Unreadable, format!("the report cannot be read: {e}")).into()),
    };
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        return Err(failed(Code::Unreadable, "the report cannot be read: it is a folder".to_owned()).into());
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|e| failed(Code::Unreadable, format!("the report cannot be read: {e}")))?;
    if bytes.len() as u64 > LARGEST {
        return Err(failed(Code::TooLarge, "this is larger than any report: more than 1 GiB".to_owned()).into());
    }
    Ok(Ok(Earlier::read(&bytes, path)?))
}

/// The measures of an earlier report that are still declared.
pub(super) fn measures(earlier: &Earlier, inputs: &Inputs, global: &Global) -> Result<Vec<String>, Failure> {
    let (config, ..) = configure(inputs, global)?;
    let catalog = Catalog::with(&config.measures, &config.components).map_err(Failure)?;
    Ok(earlier.measures().into_iter().filter(|name| catalog.spec(name).is_some()).map(str::to_owned).collect())
}

/// Whether two paths mean one file, be it there or not.
pub(super) fn same(one: &str, other: &str) -> bool {
    let place = |path: &str| -> Option<PathBuf> {
        let path = Path::new(path);
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(fs::canonicalize(folder).ok()?.join(path.file_name()?))
    };
    one == other || place(one).is_some_and(|one| place(other) == Some(one))
}
