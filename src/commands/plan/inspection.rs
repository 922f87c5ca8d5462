//! The exports, read and understood as far as they can be, for the commands that show what was understood.

use std::path::PathBuf;

use super::super::exports::Inputs;
use super::{both, conditions, config, date, facts, inputs, money, unattributable, unmatched};
use crate::calendar::{Calendar, Day};
use crate::cli::Global;
use crate::config::Config;
use crate::crm::{self, Inspected};
use crate::diagnostic::{Code, Diagnostic, Failure};
use crate::facts::Facts;
use crate::measure::Catalog;

/// What was understood of the exports, whether or not they can be reported on.
pub(in crate::commands) struct Inspection {
    /// The configuration.
    pub(in crate::commands) config: Config,
    /// The calendar.
    pub(in crate::commands) calendar: Calendar,
    /// The day of the report.
    pub(in crate::commands) as_of: Day,
    /// What was understood.
    pub(in crate::commands) seen: Inspected,
    /// What was found out about it; none where something has to be answered first.
    pub(in crate::commands) facts: Option<Facts>,
    /// The files of the tables, over which nothing is written.
    pub(in crate::commands) read: Vec<PathBuf>,
    /// What was said on the way.
    pub(in crate::commands) diagnostics: Vec<Diagnostic>,
    /// Whether the exports cannot be reported on as they are.
    pub(in crate::commands) failed: bool,
}

impl Inspection {
    /// Resolves the options and reads the exports.
    ///
    /// # Errors
    /// What keeps files from being read at all: a configuration or an option that cannot be, and no files.
    pub(in crate::commands) fn new(args: &Inputs, global: &Global) -> Result<Self, Failure> {
        let (config, mut diagnostics, used) = config::configure(args, global)?;
        let calendar = config::calendar(&config)?;
        let as_of = match &args.as_of {
            Some(text) => date(text, "--as-of")?,
            None => calendar.day_of_instant(jiff::Timestamp::now().as_millisecond()),
        };
        let through = args.through.as_deref().map(|text| date(text, "--through")).transpose()?;
        let catalog = Catalog::with(&config.measures, &config.components).map_err(Failure)?;
        let own: Vec<String> = config.measures.iter().map(|m| m.name.clone()).collect();
        let (filters, measures) = both(inputs::filters(args, &config), catalog.compile(&own).map_err(Failure))?;
        let mut money = money(args, &config)?;
        let mut gathered = inputs::gather(args, &config, money.path.as_deref(), &global.progress, &mut diagnostics)?;
        let (places, mut failed) = (gathered.places(), gathered.failed);
        diagnostics.retain(|d| d.code != Code::NotUsed || d.location.as_ref().is_none_or(|l| !used.contains(&l.file)));
        let settings = inputs::settings(args, &config, (&calendar, as_of), &filters, &measures, &global.progress)?;
        let mut seen = crm::inspect(gathered.inputs, &settings);
        global.progress.counting();
        failed |= seen.failed;
        diagnostics.append(&mut seen.diagnostics);
        let mut facts = None;
        if let Some(loaded) = &mut seen.loaded {
            diagnostics.extend(unmatched(&config, &loaded.reading));
            if let Some(rates) = &mut money.rates {
                diagnostics.append(&mut rates.diagnostics);
            }
            // Where it is still a question what the dates are, nothing follows from them.
            if !seen.failed {
                match facts::derive(&mut loaded.data, &inputs::facts_settings(&config, &money, as_of, through)) {
                    Ok(found) => {
                        diagnostics.extend(unattributable(&loaded.data));
                        diagnostics.extend(found.diagnostics.iter().cloned());
                        facts = Some(found);
                        if let Err(Failure(list)) = conditions(&mut loaded.data, &config, &filters, &measures, &mut diagnostics) {
                            failed = true;
                            diagnostics.extend(list);
                        }
                    }
                    Err(Failure(list)) => {
                        failed = true;
                        diagnostics.extend(list);
                    }
                }
            }
        }
        let mut read = places.of(&seen.evidence.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>());
        read.extend(config::settings_files(args, &config, &used, money.path.as_deref()));
        Ok(Self { config, calendar, as_of, seen, facts, read, diagnostics, failed })
    }
}
