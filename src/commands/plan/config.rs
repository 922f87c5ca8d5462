//! The configuration in its layers, and the calendar that it describes.

use std::path::{Path, PathBuf};

use super::super::exports::Inputs;
use super::presets::preset_files;
use crate::calendar::{Calendar, CalendarSpec};
use crate::cli::Global;
use crate::config::{self, Config, Layer, Source};
use crate::diagnostic::{Code, Diagnostic, Failure, Location};
use crate::report::{SetBy, Setting};
use crate::table::Kind;

/// The name of the configuration file.
const CONFIG: &str = "leadlag.toml";

/// The configuration: built in, the user's own, the project's.
pub(in crate::commands) fn configure(args: &Inputs, global: &Global) -> Result<(Config, Vec<Diagnostic>, Vec<String>), Failure> {
    let (layers, mut notes) = layers(args, global)?;
    let (config, found) = config::load(&layers)?;
    notes.extend(found);
    let used = layers.iter().map(|l| l.source.name().to_owned()).collect();
    Ok((config, notes, used))
}

/// The files of the configuration, the later one winning, and what is to be said of those that are not used.
pub(in crate::commands) fn layers(args: &Inputs, global: &Global) -> Result<(Vec<Layer>, Vec<Diagnostic>), Failure> {
    let mut layers = Vec::new();
    let mut notes = Vec::new();
    let read = |path: &Path, name: String| -> Result<Layer, Failure> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Layer::file(name, text)),
            Err(e) => {
                let (code, why) = match e.kind() {
                    std::io::ErrorKind::NotFound => (Code::NotFound, "no such file".to_owned()),
                    std::io::ErrorKind::IsADirectory => (Code::Unreadable, "it is a folder".to_owned()),
                    std::io::ErrorKind::InvalidData => (Code::Unreadable, "it is not UTF-8".to_owned()),
                    _ => (Code::Unreadable, e.to_string()),
                };
                Err(Diagnostic::error(code, format!("the configuration cannot be read: {why}")).at(Location::file(name)).into())
            }
        }
    };
    if let Some(path) = user_config().filter(|p| p.is_file()) {
        layers.push(read(&path, path.display().to_string())?);
    }
    let project = find_upward();
    let beside = args.files.iter().map(|f| Path::new(f).join(CONFIG)).find(|p| p.is_file());
    match (&global.config, project, beside) {
        (Some(path), ..) => layers.push(read(Path::new(path), path.clone())?),
        (None, Some((path, name)), beside) => {
            layers.push(read(&path, name.clone())?);
            if let Some(other) = beside.filter(|b| b.canonicalize().ok() != path.canonicalize().ok()) {
                notes.push(
                    Diagnostic::warning(Code::NotUsed, format!("this configuration is not used: {name} is"))
                        .at(Location::file(other.display().to_string()))
                        .hint(format!("use it with --config {}", other.display())),
                );
            }
        }
        (None, None, Some(path)) => layers.push(read(&path, path.display().to_string())?),
        (None, None, None) => {}
    }
    Ok((layers, notes))
}

/// The files that a run stands on beside its exports: configurations, presets and rates.
pub(in crate::commands) fn settings_files(args: &Inputs, config: &Config, layers: &[String], rates: Option<&Path>) -> Vec<PathBuf> {
    let named = layers.iter().map(PathBuf::from).chain(preset_files(args, config)).chain(rates.map(Path::to_path_buf));
    named.filter_map(|path| path.canonicalize().ok()).collect()
}

fn user_config() -> Option<PathBuf> {
    let folder = std::env::var_os("XDG_CONFIG_HOME").filter(|v| !v.is_empty()).map(PathBuf::from);
    let home = || std::env::var_os("HOME").filter(|v| !v.is_empty()).map(|h| PathBuf::from(h).join(".config"));
    Some(folder.or_else(home)?.join("leadlag").join(CONFIG))
}

/// The configuration of the working folder or the nearest of its parents, and its name as seen from there.
fn find_upward() -> Option<(PathBuf, String)> {
    let here = std::env::current_dir().ok()?;
    let mut name = CONFIG.to_owned();
    for folder in here.ancestors() {
        let path = folder.join(CONFIG);
        if path.is_file() {
            return Some((path, name));
        }
        name = format!("../{name}");
    }
    None
}

pub(super) fn calendar(config: &Config) -> Result<Calendar, Failure> {
    let from = &config.calendar;
    let spec = CalendarSpec {
        week_starts: from.week_starts,
        time_zone: from.time_zone.clone(),
        fiscal_year_starts: Some(from.fiscal_year_starts),
        pattern: from.pattern,
        workdays: from.workdays.clone(),
        holidays: from.holidays.clone(),
    };
    Calendar::new(&spec).map_err(|problem| {
        let path = format!("calendar.{}", problem.key);
        let mut diagnostic = Diagnostic::error(Code::ConfigValue, problem.message);
        if let Some(origin) = config.origin(&path) {
            diagnostic = diagnostic.at(match origin.line {
                Some(line) => Location::line(origin.source.name(), line),
                None => Location::file(origin.source.name()),
            });
        }
        diagnostic.into()
    })
}

/// Every value of the configuration that is in force, and who set it.
pub(in crate::commands) fn in_force(config: &Config) -> Vec<Setting> {
    let each = config.origins().into_iter().map(|(path, value, origin)| {
        let by = match origin.source {
            Source::BuiltIn(_) => SetBy::BuiltIn,
            Source::File(_) => SetBy::File,
            Source::Flag(_) => SetBy::Option,
        };
        Setting { path, value, by, name: origin.source.name().to_owned(), line: origin.line }
    });
    each.collect()
}

/// What `--where` asks of a table, together with what the configuration does, since both hold; none where the option is not given.
pub(in crate::commands) fn filter_in_force(args: &Inputs, config: &Config, kind: Kind) -> Option<String> {
    let given = args.filters.iter().filter_map(|filter| filter.split_once('=')).filter(|(table, _)| table.trim() == kind.name());
    let given: Vec<&str> = given.map(|(_, sql)| sql.trim()).collect();
    let all: Vec<&str> = given.iter().copied().chain(config.filter.get(&kind).map(|text| text.text.as_str())).collect();
    match (given.len(), all.as_slice()) {
        (0, _) => None,
        (_, [one]) => Some((*one).to_owned()),
        (_, several) => Some(several.iter().map(|sql| format!("({sql})")).collect::<Vec<_>>().join(" AND ")),
    }
}
