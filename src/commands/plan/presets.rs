//! The presets of a run: those that ship, and a user's own files.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::super::exports::Inputs;
use crate::config::Config;
use crate::crm::preset::{self, Preset};
use crate::diagnostic::{Code, Diagnostic, Failure, Location};

/// The presets, and the name of the one that the user has pinned.
pub(in crate::commands) struct Presets {
    /// A user's own first, the common one last.
    pub(in crate::commands) all: Cow<'static, [Preset]>,
    /// The only CRM to be considered.
    pub(in crate::commands) pinned: Option<String>,
}

/// Reads the presets that `--crm` and `[inputs]` name; a name that ends with `.toml` is a file.
///
/// # Errors
/// A preset that cannot be read or is none, and a name that no preset has.
pub(in crate::commands) fn presets(args: &Inputs, config: &Config) -> Result<Presets, Failure> {
    let mut own: Vec<Preset> = Vec::new();
    let mut problems = Vec::new();
    for text in &config.inputs.presets {
        match read(&beside(&text.at.file, &text.text), &text.at) {
            Ok(preset) => own.push(preset),
            Err(problem) => problems.push(problem),
        }
    }
    let option = args.crm.as_ref().map(|name| (name.clone(), PathBuf::from(name), Location::file("--crm")));
    let pinned = option
        .or_else(|| config.inputs.crm.as_ref().map(|t| (t.text.clone(), beside(&t.at.file, &t.text), t.at.clone())))
        .and_then(|(name, path, at)| {
            if !path.extension().is_some_and(|end| end.eq_ignore_ascii_case("toml")) {
                return Some((name, at));
            }
            match read(&path, &at) {
                Ok(preset) => {
                    let name = preset.name.clone();
                    own.retain(|other| other.name != name);
                    own.push(preset);
                    Some((name, at))
                }
                Err(problem) => {
                    problems.push(problem);
                    None
                }
            }
        });
    let all = preset::with_own(own);
    if let Some((name, at)) = &pinned
        && !all.iter().any(|p| p.name == *name)
    {
        let names: Vec<&str> = all.iter().map(|p| p.name.as_str()).collect();
        let near = preset::nearest(name, names.iter().copied());
        let hint = near.map_or_else(|| format!("there are {}", names.join(", ")), |near| format!("did you mean '{near}'?"));
        problems.push(Diagnostic::error(Code::ConfigValue, format!("no preset is named '{name}'")).at(at.clone()).hint(hint));
    }
    if problems.is_empty() { Ok(Presets { all, pinned: pinned.map(|(name, _)| name) }) } else { Err(Failure(problems)) }
}

/// The files of the presets that `--crm` and `[inputs]` name.
pub(super) fn preset_files(args: &Inputs, config: &Config) -> Vec<PathBuf> {
    let named = config.inputs.presets.iter().chain(&config.inputs.crm).map(|text| beside(&text.at.file, &text.text));
    named.chain(args.crm.as_ref().map(PathBuf::from)).collect()
}

/// A path as a configuration file means it: relative to its own folder.
fn beside(file: &str, path: &str) -> PathBuf {
    Path::new(file).parent().map_or_else(|| PathBuf::from(path), |folder| folder.join(path))
}

fn read(path: &Path, at: &Location) -> Result<Preset, Diagnostic> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Diagnostic::error(Code::Unreadable, format!("the preset {} cannot be read: {error}", path.display())).at(at.clone())
    })?;
    Preset::parse(&text, &path.display().to_string())
}
