//! `leadlag completions`.

use std::fmt::Write as _;

use clap::builder::PossibleValue;
use clap::{Args as ClapArgs, Command, CommandFactory as _, ValueHint};
use clap_complete::{Shell, generate};

use super::{Done, output};
use crate::cli::Cli;

/// Print a script that teaches a shell to complete leadlag's commands, options, formats and measures.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<String>,
}

const EXAMPLES: &str = "Examples:
  echo 'eval \"$(leadlag completions bash)\"' >> ~/.bashrc
  leadlag completions zsh -o \"${fpath[1]}/_leadlag\"
  leadlag completions fish -o ~/.config/fish/completions/leadlag.fish
  leadlag completions powershell >> $PROFILE

Shells that are started afterwards know them.";

/// Runs the command.
pub(super) fn run(args: &Args) -> Done {
    output::put(script(args.shell).as_bytes(), args.output.as_deref().filter(|path| *path != "-"))?;
    Ok(Vec::new())
}

/// The script for a shell.
fn script(shell: Shell) -> String {
    let mut program = Cli::command();
    let mut bytes = Vec::new();
    generate(shell, &mut program, "leadlag", &mut bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match shell {
        Shell::Bash => files_first(&text),
        Shell::Fish => text + &arguments(&program),
        _ => text,
    }
}

/// The bash script with files, and not options, for a word of a subcommand that is not begun yet: most take files there.
fn files_first(script: &str) -> String {
    script
        .replace(" || ${COMP_CWORD} -eq 2 ]]", " ]]")
        .replace("esac\n            COMPREPLY=( $(compgen -W", "esac\n            COMPREPLY=( $(compgen -X '-*' -W")
}

/// The values of arguments that are no options, of which the generator for fish knows nothing.
fn arguments(program: &Command) -> String {
    let mut lines = String::new();
    for command in program.get_subcommands().filter(|command| command.get_name() != "help") {
        let files = command.get_positionals().any(|argument| argument.get_value_hint() == ValueHint::AnyPath);
        for argument in command.get_positionals() {
            let values = argument.get_possible_values();
            let names: Vec<&str> = values.iter().filter(|value| !value.is_hide_set()).map(PossibleValue::get_name).collect();
            if names.is_empty() {
                continue;
            }
            let (name, only) = (command.get_name(), if files { "" } else { " -f" });
            let written =
                writeln!(lines, "complete -c leadlag -n \"__fish_leadlag_using_subcommand {name}\"{only} -a \"{}\"", names.join(" "));
            debug_assert!(written.is_ok(), "a String takes what is written to it");
        }
    }
    lines
}
