//! Where a result goes, and how it is spelled: format, width, color; files are written whole or not at all.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::{Color, Global};
use crate::diagnostic::{Code, Diagnostic, Failure, Location};
use crate::document::{Document, TidyRows};
use crate::render::{self, Format, SpellRows, Style};

/// The options of output.
#[derive(Debug, Clone, Args)]
pub struct Output {
    /// The format.
    #[arg(long, value_name = "FORMAT", help_heading = "Output", value_parser = format_names(), help = format!(
        "How the result is written [default: by the extension of -o, else {}]. In csv and tsv a text that a spreadsheet would run as a formula begins with an apostrophe",
        render::FORMATS[0].name
    ))]
    pub format: Option<String>,
    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output", value_hint = clap::ValueHint::FilePath)]
    #[allow(clippy::struct_field_names)] // it is the option's name
    pub output: Option<String>,
    /// csv and tsv: a column per measure
    #[arg(long, help_heading = "Output")]
    pub wide: bool,
    /// csv: for Excel where the comma is the decimal mark (byte order mark, semicolons, decimal commas)
    #[arg(long, help_heading = "Output")]
    pub excel: bool,
}

fn format_names() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(render::FORMATS.iter().map(|f| clap::builder::PossibleValue::new(f.name).help(f.says)))
}

impl Output {
    /// The format that is named, else that of the extension of `-o`; refused before anything is read.
    pub(super) fn format(&self) -> Result<&'static Format, Failure> {
        let format = self.chosen()?;
        let shown = self.output.as_deref().is_none_or(is_stdout) && std::io::stdout().is_terminal();
        if shown { for_terminal(format) } else { Ok(format) }
    }

    fn chosen(&self) -> Result<&'static Format, Failure> {
        if let Some(format) = self.format.as_deref().and_then(render::named) {
            return Ok(format);
        }
        let Some(path) = self.output.as_deref() else { return Ok(&render::FORMATS[0]) };
        let extension = Path::new(path).extension().and_then(|e| e.to_str());
        match extension.map(|e| (e, render::for_extension(e))) {
            Some((_, Some(format))) => Ok(format),
            None => Ok(&render::FORMATS[0]),
            Some((extension, None)) => {
                let known: Vec<&str> = render::FORMATS.iter().flat_map(|f| f.extension.iter().copied()).collect();
                Err(Diagnostic::error(Code::Unwritable, format!("no format has the extension .{extension}"))
                    .at(Location::file(path))
                    .hint(format!("say the format with --format, or end the name with one of .{}", known.join(", .")))
                    .into())
            }
        }
    }

    /// Writes a document to stdout, or to the file that was named, which must be none of those that were `read`.
    pub(super) fn write(&self, document: &Document, global: &Global, read: &[PathBuf]) -> Result<(), Failure> {
        self.write_to(document, global, self.output.as_deref(), read)
    }

    /// Writes a document to a file, else to stdout.
    pub(super) fn write_to(&self, document: &Document, global: &Global, path: Option<&str>, read: &[PathBuf]) -> Result<(), Failure> {
        self.write_as(None, document, global, path, read)
    }

    /// Writes a document to a file, else to stdout, in this format, else in the one that was asked for.
    pub(super) fn write_as(
        &self,
        format: Option<&'static Format>,
        document: &Document,
        global: &Global,
        path: Option<&str>,
        read: &[PathBuf],
    ) -> Result<(), Failure> {
        let format = format.map_or_else(|| self.format(), Ok)?;
        self.put(global, path, read, |style| (format.render)(document, style))
    }

    /// Writes tidy rows to a file, else to stdout, in a format that shows nothing else.
    pub(super) fn write_rows(
        &self,
        spell: SpellRows,
        rows: &dyn TidyRows,
        global: &Global,
        path: Option<&str>,
        read: &[PathBuf],
    ) -> Result<(), Failure> {
        self.put(global, path, read, |style| Ok(spell(rows, style)))
    }

    fn put(
        &self,
        global: &Global,
        path: Option<&str>,
        read: &[PathBuf],
        spell: impl FnOnce(&Style) -> anyhow::Result<Vec<u8>>,
    ) -> Result<(), Failure> {
        if let Some(path) = path {
            over_none(path, read)?;
        }
        let style = Style { wide: self.wide, excel: self.excel, ..stdout_style(global, path.is_none_or(is_stdout)) };
        let failed = |message: String| Failure::from(Diagnostic::error(Code::Unwritable, message));
        let bytes = spell(&style).map_err(|e| failed(format!("{e:#}")))?;
        global.progress.end();
        put(&bytes, path)
    }
}

/// Whether a file name means standard output. What a device of that name leads to is written to as it is, never replaced.
fn is_stdout(path: &str) -> bool {
    matches!(path, "-" | "/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1")
}

/// The format, unless a terminal could not show it.
fn for_terminal(format: &Format) -> Result<&Format, Failure> {
    if !format.binary {
        return Ok(format);
    }
    let extension = format.extension.first().copied().unwrap_or(format.name);
    Err(Diagnostic::error(Code::Unwritable, format!("{} is nothing that a terminal can show", format.name))
        .hint(format!("write it to a file: -o report.{extension}"))
        .into())
}

/// Refuses to write over a file that was read.
pub(super) fn over_none(path: &str, read: &[PathBuf]) -> Result<(), Failure> {
    if std::fs::canonicalize(path).is_ok_and(|place| read.contains(&place)) {
        let said = Diagnostic::error(Code::Unwritable, "this file was read for the result: nothing is written over it");
        return Err(said.at(Location::file(path)).hint("give the output another name").into());
    }
    Ok(())
}

/// Writes bytes to a file, whole or not at all, else to stdout.
pub(super) fn put(bytes: &[u8], path: Option<&str>) -> Result<(), Failure> {
    let failed = |message: String| Failure::from(Diagnostic::error(Code::Unwritable, message));
    match path.filter(|path| !is_stdout(path)) {
        Some(path) => write_whole(Path::new(path), bytes).map_err(|e| {
            Failure::from(Diagnostic::error(Code::Unwritable, format!("the file cannot be written: {e}")).at(Location::file(path)))
        }),
        None => match std::io::stdout().lock().write_all(bytes).and_then(|()| std::io::stdout().flush()) {
            // Whoever closed the pipe has read enough.
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            Err(e) => Err(failed(format!("standard output cannot be written: {e}"))),
            Ok(()) => Ok(()),
        },
    }
}

/// Writes beside the file and renames, so that an interrupted run leaves the old file or the new one. A link is followed, and what is no
/// file, such as a device or a pipe, is written to as it is.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let resolved = std::fs::canonicalize(path);
    let path = resolved.as_deref().unwrap_or(path);
    if std::fs::metadata(path).is_ok_and(|m| !m.is_file()) {
        let written = std::fs::OpenOptions::new().write(true).open(path)?.write_all(bytes);
        // Whoever closed the pipe has read enough.
        return written.or_else(|e| if e.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(e) });
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(std::io::Error::other(format!("there is no folder {}", folder.display())));
    }
    // The name of the file beside it is nobody's business.
    let mut file = tempfile::Builder::new().prefix(".leadlag-").tempfile_in(folder).map_err(|e| std::io::Error::from(e.kind()))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(path).map_or(0o644, |m| m.permissions().mode());
        file.as_file().set_permissions(std::fs::Permissions::from_mode(mode))?;
    }
    file.persist(path).map(drop).map_err(|e| e.error)
}

fn colored(global: &Global, terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty() && v != "0");
    match global.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => set("CLICOLOR_FORCE") || (terminal && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())),
    }
}

pub(super) fn stdout_style(global: &Global, to_stdout: bool) -> Style {
    let terminal = to_stdout && std::io::stdout().is_terminal();
    let width = terminal.then(|| terminal_size::terminal_size_of(std::io::stdout())).flatten().map(|(w, _)| usize::from(w.0));
    let base = Style::default();
    Style { width: width.unwrap_or(base.width), color: to_stdout && colored(global, terminal), ascii: global.ascii, ..base }
}

/// How diagnostics are spelled.
pub(super) fn stderr_style(global: &Global) -> Style {
    let base = Style::default();
    Style { color: colored(global, std::io::stderr().is_terminal()), ascii: global.ascii, ..base }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn a_terminal_is_spared_what_is_no_text() {
        let text = &render::FORMATS[0];
        assert_eq!(for_terminal(text).unwrap().name, text.name);
        let sheet = Format { name: "sheet", extension: &["xls", "old"], binary: true, ..*text };
        let Failure(said) = for_terminal(&sheet).unwrap_err();
        assert_eq!(said[0].message, "sheet is nothing that a terminal can show");
        assert_eq!(said[0].hints, ["write it to a file: -o report.xls"]);
    }
}
