//! The period that a check judges: the calendar's last one that is over, whether or not the exports reach its end.

use super::super::exports::Exports;
use super::Plan;
use crate::calendar::{Grain, Period};
use crate::diagnostic::{Code, Diagnostic, Failure};
use crate::measure::Engine;
use crate::report::Run;

impl Plan {
    /// The run over the period to be judged and `back` periods in all, which end with it.
    ///
    /// # Errors
    /// Several periods, everything as one, a period that cannot be, and a name that nobody has.
    pub(in crate::commands) fn judged(&self, args: &Exports, back: usize) -> Result<Run<'_>, Failure> {
        self.run_over(args, |engine| Ok((self.back_from(&self.to_judge(args, engine)?, back)?, true)))
    }

    fn to_judge(&self, args: &Exports, engine: &Engine<'_>) -> Result<Period, Failure> {
        let refuse = |message: &str, hint: &str| Err(Failure::from(Diagnostic::error(Code::BadPeriod, message).hint(hint)));
        let one = "name it with --week, --month, or --from and --to; a rule such as '… for 2 periods' looks back by itself";
        if args.period == Some(Grain::All) {
            return refuse("what has no end is never complete: check cannot judge --period all", one);
        }
        if args.periods.is_some_and(|n| n > 1) {
            return refuse("check judges one period, and not --periods of them", one);
        }
        if args.week.is_some() || args.month.is_some() || args.from.is_some() || args.to.is_some() {
            let (mut periods, _) = self.periods(args, engine)?;
            return match (periods.pop(), periods.is_empty()) {
                (Some(period), true) => Ok(period),
                _ => refuse("check judges one period, and these days touch several", one),
            };
        }
        let today = self.calendar.period_of(args.period.unwrap_or(Grain::Week), self.as_of);
        Ok(if today.range.last <= self.as_of { today } else { self.calendar.previous(&today) })
    }

    fn back_from(&self, period: &Period, back: usize) -> Result<Vec<Period>, Failure> {
        if period.grain == Grain::Range && back > 1 {
            let said = Diagnostic::error(Code::BadPeriod, "a rule for several periods in a row needs periods that follow each other");
            return Err(said.hint("give their length with --period, or name the last one with --week or --month").into());
        }
        Ok(self.calendar.ending_with(period, back).iter().cloned().collect())
    }
}
