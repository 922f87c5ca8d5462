//! `leadlag man`.

use std::io;

use clap::{Args as ClapArgs, Command, CommandFactory as _, ValueHint};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::{Done, output};
use crate::cli::Cli;
use crate::diagnostic::{Code, Diagnostic, Failure};

/// Print the manual: one page with every command, its options and examples.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<String>,
}

const EXAMPLES: &str = "Examples:
  leadlag man | man -l -                                read it
  leadlag man -o ~/.local/share/man/man1/leadlag.1      keep it for: man leadlag";

/// Runs the command.
pub(super) fn run(args: &Args) -> Done {
    let page = page(&Cli::command()).map_err(|e| Failure::from(Diagnostic::error(Code::Unwritable, e.to_string())))?;
    output::put(&page, args.output.as_deref().filter(|path| *path != "-"))?;
    Ok(Vec::new())
}

/// The manual: the program's own sections, then one of each subcommand. It has no date, so that the same program writes the same bytes.
fn page(program: &Command) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let man = Man::new(program.clone());
    bytes.extend(format!(".TH LEADLAG 1 \"\" \"leadlag {}\" \"leadlag manual\"\n", env!("CARGO_PKG_VERSION")).bytes());
    man.render_name_section(&mut bytes)?;
    let mut head = Roff::new();
    head.control("SH", ["SYNOPSIS"]);
    usage(&mut head, "leadlag", program.clone());
    head.to_writer(&mut bytes)?;
    man.render_description_section(&mut bytes)?;
    let mut list = Roff::new();
    list.control("SH", ["COMMANDS"]);
    for command in program.get_subcommands() {
        list.control("TP", []).text([bold(command.get_name())]);
        list.text([roman(command.get_about().map(ToString::to_string).unwrap_or_default())]);
    }
    list.to_writer(&mut bytes)?;
    man.render_options_section(&mut bytes)?;
    for command in program.get_subcommands() {
        section(command, &mut bytes)?;
    }
    blocks(program, "SH").to_writer(&mut bytes)?;
    man.render_version_section(&mut bytes)?;
    // Each part brings the same first lines, which say how an apostrophe is written.
    let first = Roff::new().render();
    let page = String::from_utf8_lossy(&bytes).replace(&first, "");
    let page = page.replace("\n.br\n\n.br\n", "\n.sp\n");
    Ok((first + &page).into_bytes())
}

/// The section of a subcommand, with subsections where a page of its own would have sections; the options of every command stand above.
fn section(command: &Command, bytes: &mut Vec<u8>) -> io::Result<()> {
    let name = format!("leadlag {}", command.get_name());
    let mut head = Roff::new();
    head.control("SH", [name.to_uppercase().as_str()]);
    usage(&mut head, &name, command.clone());
    head.control("PP", []);
    let about = command.get_long_about().or_else(|| command.get_about()).map(ToString::to_string).unwrap_or_default();
    for (number, paragraph) in about.split("\n\n").enumerate() {
        if number > 0 {
            head.control("PP", []);
        }
        head.text([roman(paragraph)]);
    }
    head.to_writer(bytes)?;
    let mut options = Vec::new();
    Man::new(command.clone().disable_help_flag(true)).render_options_section(&mut options)?;
    // A line of text that begins with a point is escaped, so these are headings.
    bytes.extend(String::from_utf8_lossy(&options).replace("\n.SH ", "\n.SS ").bytes());
    blocks(command, "SS").to_writer(bytes)
}

/// How a command is called.
fn usage(roff: &mut Roff, name: &str, command: Command) {
    let usage = command.bin_name(name).render_usage().to_string();
    let words = usage.trim_start_matches("Usage: ").strip_prefix(name).unwrap_or_default().to_owned();
    roff.text([bold(name), roman(words)]);
}

/// What stands below a command's options in its help: paragraphs whose first line names them, kept as they are lined up.
fn blocks(command: &Command, heading: &str) -> Roff {
    let mut roff = Roff::new();
    let text = command.get_after_long_help().or_else(|| command.get_after_help()).map(ToString::to_string).unwrap_or_default();
    for block in text.split("\n\n") {
        let (title, lines) = block.split_once('\n').unwrap_or(("", block));
        match title.strip_suffix(':') {
            Some(title) => roff.control(heading, [title.to_uppercase().as_str()]),
            None => roff.control("PP", []),
        };
        roff.control("nf", []);
        for line in title.strip_suffix(':').map_or(block, |_| lines).lines() {
            roff.text([roman(line)]);
        }
        roff.control("fi", []);
    }
    roff
}
