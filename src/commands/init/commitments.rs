//! `leadlag init --commitments`: a blank form for what each promises for a week.

use super::super::plan::Inspection;
use super::super::{Done, output};
use super::Args;
use crate::calendar::{Calendar, Day, Grain, Period};
use crate::cli::Global;
use crate::diagnostic::{Code, Diagnostic, Failure};
use crate::{render, report};

/// Writes the form for a week: its name, a date in it, or `next`.
pub(super) fn run(args: &Args, week: &str, global: &Global) -> Done {
    let inspection = Inspection::new(&args.inputs, global)?;
    let said = inspection.diagnostics.clone();
    let week = named(&inspection.calendar, inspection.as_of, week)?;
    let (Some(loaded), Some(facts), false) = (&inspection.seen.loaded, &inspection.facts, inspection.failed) else {
        return Err(Failure(said));
    };
    let Some(document) = report::commitments(&loaded.data, facts, &week) else {
        let none = format!("nobody is known who sells or leads in {}: the form has a row for each", week.name);
        return Err(Diagnostic::error(Code::UnknownName, none)
            .hint("name the exports that hold your people: a list of users, people.csv (name, team, role), or records with their owners")
            .into());
    };
    let csv = render::named("csv").map(|format| format.render).ok_or_else(|| failed("there is no csv"))?;
    let path = args.output.as_deref().filter(|path| *path != "-");
    let bytes = csv(&document, &output::stdout_style(global, false)).map_err(|e| failed(&format!("{e:#}")))?;
    global.progress.end();
    output::put(&bytes, path)?;
    Ok(said)
}

fn failed(message: &str) -> Failure {
    Diagnostic::error(Code::Unwritable, message).into()
}

fn named(calendar: &Calendar, as_of: Day, week: &str) -> Result<Period, Failure> {
    if week.trim().eq_ignore_ascii_case("next") {
        return Ok(calendar.next(&calendar.period_of(Grain::Week, as_of)));
    }
    let found = match Day::parse(week) {
        Some(day) => Ok(calendar.period_of(Grain::Week, day)),
        None => calendar.named(Grain::Week, week),
    };
    found.map_err(|message| Diagnostic::error(Code::BadPeriod, format!("--commitments: {message}")).into())
}
