//! The page of a gap: the goal, what can be expected, what is missing and until when it can be had; then by team and person, the other
//! levers, and what all of it assumes.

use super::{Shown, decimal};
use crate::calendar::{Day, Grain, Period};
use crate::document::{self, Block, Cell, Column, Content, Note, Row as PageRow, Table, Tone};
use crate::gap::{Activity, Estimate, LeadFrom, Need, Row};
use crate::measure::{Entity, Level};
use crate::report::scale::{self, Scale};
use crate::report::words;
use crate::unit::{Unit, Value, Why};

pub(super) fn note(label: &str, tone: Tone, parts: Vec<String>) -> Note {
    Note { label: label.to_owned(), tone, parts }
}

pub(super) fn text(words: impl Into<String>) -> Cell {
    Cell { content: Content::Text(words.into()), tone: Tone::Plain }
}

pub(super) fn column(lines: &[&str], right: bool, drop: u8) -> Column {
    Column { heading: lines.iter().map(|line| (*line).to_owned()).collect(), right, drop }
}

/// A number of things a week or so: with one decimal below ten.
pub(super) fn plain(number: f64) -> String {
    if number.is_infinite() {
        return "…".to_owned();
    }
    decimal(number, u32::from(number < 9.95)).map(|number| number.to_string()).unwrap_or_default()
}

/// Both ends of a range as `9–40`.
pub(super) fn ends(lo: &str, hi: &str) -> String {
    format!("{lo}–{hi}")
}

/// An activity, what is needed of it, the lines of its heading, and when its two columns go.
type Needed<'a> = (&'a Activity, fn(&Row) -> Option<Need>, [&'a str; 2], [u8; 2]);

impl Shown<'_, '_> {
    pub(super) fn page(&self) -> Vec<Block> {
        let mut blocks = vec![self.banner()];
        if let Some(whole) = self.gap.rows.iter().find(|row| row.entity == self.ask.whole) {
            blocks.push(Block::Notes(self.top(whole)));
        }
        blocks.push(Block::Table(self.table()));
        blocks.extend(self.levers());
        blocks.extend(self.assumed());
        blocks
    }

    fn banner(&self) -> Block {
        let mut left = self.run.title.clone();
        if self.ask.whole != Entity::All {
            left = format!("{left} · {}", self.run.name(self.ask.whole));
        }
        let goal = &self.gap.goal;
        let reach = self
            .run
            .facts
            .through
            .map_or_else(|| "the exports have no dates".to_owned(), |day| format!("exports reach {}", words::day(day)));
        let (named, last) = (words::named(&goal.period), words::day(goal.range.last));
        // A range says its last day, and with it the year.
        let until = if goal.period.grain == Grain::Range { named } else { format!("{named}, until {last}") };
        Block::Banner { left: format!("{left} · gap"), right: format!("{until}; {reach}") }
    }

    /// An amount in a sentence.
    pub(super) fn amount(&self, amount: f64) -> String {
        scale::amount(decimal(amount, 2).unwrap_or_default(), &self.gap.goal.currency)
    }

    /// An amount with its range, all three on one scale.
    pub(super) fn ranged(&self, amount: Estimate) -> String {
        // In millions only where both ends are some.
        let scale = Scale::of(if amount.lo < 1e7 { amount.value.min(9e6) } else { amount.value });
        let sign = scale.heading(&self.gap.goal.unit()).map_or_else(String::new, |sign| format!(" {}", sign.trim()));
        let [value, lo, hi] = [amount.value, amount.lo, amount.hi].map(|amount| scale.apply(decimal(amount, 2).unwrap_or_default()));
        format!("{value}{sign} ({lo} to {hi})")
    }

    /// The lines at the top, of the whole.
    fn top(&self, whole: &Row) -> Vec<Note> {
        let goal = &self.gap.goal;
        let name = words::measure(self.run, &goal.measure);
        let mut notes = Vec::new();
        let Some(amount) = whole.goal else {
            let who = if self.ask.whole == Entity::All { "the whole".to_owned() } else { self.run.name(self.ask.whole).to_owned() };
            notes.push(note("Goal", Tone::Plain, vec![format!("{who} has no target for {name} in {}", words::named(&goal.period))]));
            return notes;
        };
        let from = if goal.given.is_some() { "given" } else { "the target" };
        let (first, as_of) = (goal.range.first, self.run.as_of);
        let counted = match (self.gap.starts.is_some(), goal.given.is_some()) {
            (false, _) => format!("wins from {} on", words::day(first)),
            (true, true) => format!("only wins from {} on: --from {as_of} counts those before too", words::day_and_year(first)),
            (true, false) => format!("wins from {} on", words::day_and_year(first)),
        };
        let mut parts = vec![format!("{} of {name}, {from}, {counted}", self.amount(amount)), format!("{} won", self.amount(whole.won))];
        if whole.won >= amount {
            parts.push("REACHED".to_owned());
            notes.push(note("Goal", Tone::Good, parts));
        } else {
            parts.push(format!("{} left", self.amount(amount - whole.won)));
            notes.push(note("Goal", Tone::Strong, parts));
        }
        let mut expected = Vec::new();
        if let Some(pipeline) = whole.pipeline {
            expected.push(format!("{} from {}", self.ranged(pipeline), words::count(whole.open as u64, "open deal")));
        }
        if let (Some(pace), Some(at_pace)) = (whole.pace, whole.at_pace) {
            let meetings = words::measure(self.run, self.gap.meetings.measure);
            expected.push(format!("{} from {meetings} at the present pace of {} a week", self.ranged(at_pace), plain(pace)));
        }
        if !expected.is_empty() {
            notes.push(note("Expected", Tone::Plain, expected));
        }
        if let Some(missing) = whole.missing.filter(|_| whole.won < amount) {
            notes.push(self.missing(missing, whole.chance));
            if missing.value > 0.0 {
                notes.extend(self.needed(whole));
            }
        }
        notes.extend(
            self.checked().filter(|_| self.gap.check.is_some_and(|check| check.failed())).map(|said| note("Beware", Tone::Bad, vec![said])),
        );
        notes.extend(self.until());
        notes.extend(
            self.gap.needs.iter().enumerate().map(|(at, need)| note(if at == 0 { "Not known" } else { "" }, Tone::Bad, vec![need.clone()])),
        );
        notes
    }

    /// What is missing; that nothing is, only where it is likely and the reckoning has held before.
    fn missing(&self, missing: Estimate, chance: Option<f64>) -> Note {
        let failed = self.gap.check.is_some_and(|check| check.failed());
        let by = if failed { " by this reckoning" } else { "" };
        if missing.value > 0.0 {
            let mut parts = vec![format!("{}{by}", self.ranged(missing))];
            // A reckoning that has not held before knows no chances.
            parts.extend(chance.filter(|_| !failed).map(|chance| format!("reached as it is in {}", outcomes(chance))));
            return note("Missing", Tone::Bad, parts);
        }
        // Without the present pace the range of what is missing tells as much: its upper end is that of nine outcomes of ten.
        let likely = chance.map_or(missing.hi <= 0.0, |chance| chance >= LIKELY);
        let said = match (likely, chance) {
            (true, None) => format!("nothing{by}: the open deals alone reach the goal"),
            (_, Some(_)) if failed => "nothing by this reckoning, but it has not held before".to_owned(),
            (true, Some(chance)) => {
                let said =
                    vec!["nothing: what is expected reaches the goal".to_owned(), format!("reached as it is in {}", outcomes(chance))];
                return note("Missing", Tone::Good, said);
            }
            (false, None) => format!("nothing on average{by}, but as much as {} may be", self.amount(missing.hi)),
            (false, Some(chance)) => format!("nothing on average{by}, but it is reached in only {}", outcomes(chance)),
        };
        note("Missing", if likely && !failed { Tone::Good } else { Tone::Plain }, vec![said])
    }

    /// How the same reckoning has done before.
    pub(super) fn checked(&self) -> Option<String> {
        let check = self.gap.check?;
        let whose = match (self.ask.whole, check.whose) {
            (Entity::All, _) => String::new(),
            (_, Entity::All) => "of everybody's deals: ".to_owned(),
            (_, whose) => format!("of the deals of {}: ", self.run.name(whose)),
        };
        Some(format!(
            "{whose}made {}, as long before as the date is ahead, the same reckoning would have expected {} by {} from the deals open then; {} came{}",
            words::day(check.day),
            self.ranged(check.expected),
            words::day(self.gap.known),
            self.amount(check.came),
            self.as_before().unwrap_or_default()
        ))
    }

    /// What the open deals would bring if the reckoning failed as it did before, and the option that takes it so.
    fn as_before(&self) -> Option<String> {
        let whole = self.gap.rows.iter().find(|row| row.entity == self.ask.whole)?;
        let rate = self.gap.assumptions.iter().find(|assumption| assumption.name == "pipeline-rate" && !assumption.given)?.value?;
        let again = whole.as_before?;
        let then = match again.missing {
            Some(missing) if missing > 0.0 => format!(", and {} would be missing", self.amount(missing)),
            Some(_) => ", and the goal would still be reached".to_owned(),
            None => String::new(),
        };
        let rate = (rate.value * again.times * 100.0).clamp(0.0, 100.0) + 0.0;
        Some(format!(
            "; if it goes so again, the deals open now bring {}{then}: see --pipeline-rate {rate:.0}%",
            self.amount(again.pipeline)
        ))
    }

    /// How many more a week bring what is missing: meetings, or presentations.
    fn needed(&self, whole: &Row) -> Option<Note> {
        let of = |activity: &Activity, need: Option<Need>| {
            let (need, reach) = (need?, activity.reach.as_ref().filter(|reach| !reach.over)?);
            let name = words::measure(self.run, activity.measure);
            let more = need.more;
            if !more.value.is_finite() {
                return Some(format!("no number of {name} in the weeks left can do it"));
            }
            let person =
                if whole.people > 1 { format!(", {} per person", plain(more.value / f64::from(whole.people))) } else { String::new() };
            let weeks = match activity.weeks_left {
                0 | 1 => format!("in {}", self.week(&reach.last)),
                n => format!("in each of {n} weeks up to {}", self.week(&reach.last)),
            };
            let beyond =
                if need.likely { String::new() } else { format!(": far beyond the best week so far, which had {}", plain(need.best)) };
            Some(format!("{} more {name} ({} to {}){person}, {weeks}{beyond}", plain(more.value), plain(more.lo), plain(more.hi)))
        };
        let parts: Vec<String> =
            [of(&self.gap.meetings, whole.meetings), of(&self.gap.presentations, whole.presentations)].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| note(if parts.len() > 1 { "Either" } else { "To do" }, Tone::Strong, parts))
    }

    /// A week by its number, and by its year too where that is not this one.
    pub(super) fn week(&self, week: &Period) -> String {
        let year = |day: Day| self.run.calendar.period_of(Grain::Year, day).name;
        if year(week.range.first) == year(self.run.as_of) { words::short(week).to_owned() } else { week.name.clone() }
    }

    /// The last week in which each can still count, and what those after it serve.
    fn until(&self) -> Vec<Note> {
        let goal = words::named(&self.gap.goal.period);
        let of = |(at, activity): (usize, &Activity)| {
            let (reach, (lead, from)) = (activity.reach.as_ref()?, activity.lead?);
            // How long deals take is the same whatever they began with.
            // Nor is it said of what nobody records.
            if at > 0 && (from == LeadFrom::DaysToWin || (activity.accounts == 0 && from != LeadFrom::Tested)) {
                return None;
            }
            let name = words::measure(self.run, activity.measure);
            let range = if lead.hi > lead.lo { format!(" ({} to {})", plain(lead.lo), plain(lead.hi)) } else { String::new() };
            let weeks = match plain(lead.value).as_str() {
                "0" if range.is_empty() => "less than a week".to_owned(),
                "1" if range.is_empty() => "1 week".to_owned(),
                number => format!("{number}{range} weeks"),
            };
            let why = match from {
                LeadFrom::Given => format!("{weeks} ahead, as given"),
                LeadFrom::Tested => format!("they lead by {weeks}"),
                LeadFrom::Linkage => format!("half of those that buy do so within {weeks}"),
                LeadFrom::DaysToWin => format!("deals take {weeks} from creation to win"),
            };
            let serves = if reach.serves.range.contains(self.gap.goal.range.last) {
                "come too late for it".to_owned()
            } else {
                format!("serve {}", words::named(&reach.serves))
            };
            let said = if reach.over {
                format!("{name}: OVER since {} for {goal}, as {why}; from now on they {serves}", self.week(&reach.last))
            } else {
                let last = words::span(reach.last.range.first, reach.last.range.last);
                let left = match activity.weeks_left {
                    0 | 1 => "the only one left".to_owned(),
                    n => format!("{n} weeks left"),
                };
                format!("{name}: {} ({last}), {left}, as {why}; from {} on they {serves}", self.week(&reach.last), self.week(&reach.then))
            };
            Some(note(if at == 0 { "Last week" } else { "" }, if reach.over { Tone::Bad } else { Tone::Plain }, vec![said]))
        };
        [&self.gap.meetings, &self.gap.presentations].into_iter().enumerate().filter_map(of).collect()
    }

    /// Whom a row is about, with how many of them sell.
    fn label(&self, row: &Row) -> String {
        match row.entity {
            Entity::All => format!("All ({})", row.people),
            Entity::Team(_) => format!("{} ({})", self.run.name(row.entity), row.people),
            _ => self.run.name(row.entity).to_owned(),
        }
    }

    fn scale(&self) -> Scale {
        let most = |of: fn(&Row) -> f64| self.gap.rows.iter().map(of).fold(0.0, f64::max);
        let goal = most(|row| row.goal.unwrap_or(0.0));
        let moved = most(|row| row.won.max(row.pipeline.map_or(0.0, |pipeline| pipeline.hi)));
        // Beside a goal of millions, what is won of it and what a person has would be nothing.
        Scale::of(if goal.max(moved) < 1e8 || moved < 1e7 { goal.max(moved).min(9e6) } else { moved })
    }

    /// By team and person.
    fn table(&self) -> Table {
        let scale = self.scale();
        let unit = self.gap.goal.unit();
        let mark = scale.heading(&unit).unwrap_or_default();
        let money = |amount: Option<f64>| {
            let content = amount.map_or(Content::Blank, |amount| Content::Value {
                value: scale.value(&self.money(amount)),
                against: None,
                share: None,
            });
            Cell { content, tone: Tone::Plain }
        };
        let range = |estimate: Option<Estimate>| {
            let end = |amount: f64| match scale.value(&self.money(amount)) {
                Value::Money(amount, _) => amount.to_string(),
                _ => String::new(),
            };
            estimate.filter(|found| found.hi > found.lo).map_or_else(Cell::default, |found| text(ends(&end(found.lo), &end(found.hi))))
        };
        let goal = words::named(&self.gap.goal.period);
        // What nobody records, or nobody knows the worth of, has no columns.
        let of: [Needed<'_>; 2] = [
            (&self.gap.meetings, |row| row.meetings, ["prospect", "meetings"], [0, 2]),
            (&self.gap.presentations, |row| row.presentations, ["presen-", "tations"], [3, 1]),
        ];
        let needs: Vec<_> = of.into_iter().filter(|(_, need, ..)| self.gap.rows.iter().any(|row| need(row).is_some())).collect();
        let mut table = Table {
            title: format!("Gap to the goal, {goal}"),
            groups: vec![(String::new(), 1), (mark, 2), ("EXPECTED by the date".to_owned(), 3), ("MISSING".to_owned(), 2)],
            columns: vec![
                column(&["", ""], false, 0),
                column(&["", "goal"], true, 0),
                column(&["", "won"], true, 0),
                column(&["open", "deals"], true, 0),
                column(&["8 of 10", "outcomes"], true, 5),
                column(&["at", "pace"], true, 4),
                column(&["", ""], true, 0),
                column(&["8 of 10", "outcomes"], true, 6),
            ],
            rows: Vec::new(),
        };
        if !needs.is_empty() {
            table.groups.push(("or MORE each week".to_owned(), 2 * needs.len()));
        }
        for (_, _, heading, [drop, range]) in &needs {
            table.columns.extend([column(heading, true, *drop), column(&["8 of 10", ""], true, *range)]);
        }
        for row in &self.gap.rows {
            let reached = row.goal.is_some_and(|goal| row.won >= goal);
            let mut missing = if reached { text("reached") } else { money(row.missing.map(|missing| missing.value)) };
            if row.missing.is_some_and(|missing| missing.value > 0.0) {
                missing.tone = Tone::Bad;
            }
            table.rows.push(PageRow {
                tone: if row.entity.level() == Level::Owner { Tone::Plain } else { Tone::Strong },
                cells: vec![
                    text(self.label(row)),
                    money(row.goal),
                    money(Some(row.won)),
                    money(row.pipeline.map(|pipeline| pipeline.value)),
                    range(row.pipeline),
                    money(row.at_pace.map(|at_pace| at_pace.value)),
                    missing,
                    range(row.missing.filter(|_| !reached)),
                ],
            });
            let cells = needs.iter().flat_map(|(activity, of, ..)| need(activity, of(row).filter(|_| !reached)));
            if let Some(row) = table.rows.last_mut() {
                row.cells.extend(cells);
            }
        }
        table
    }

    /// The other levers, each beside the own past, and what one more of each brings.
    fn levers(&self) -> Vec<Block> {
        let levers = &self.gap.levers.list;
        let entities = self.run.engine.entities();
        let mut table =
            Table { title: LEVERS.to_owned(), groups: Vec::new(), columns: vec![column(&["", "", ""], false, 0)], rows: Vec::new() };
        for lever in levers {
            let label = self.run.catalog.spec(lever.measure).map_or(lever.measure, |spec| spec.label.as_str());
            let name = document::unbroken(label.lines()).join(" ");
            let (first, last) = name.rsplit_once(' ').unwrap_or(("", &name));
            let unit = match &lever.unit {
                Unit::Count => " a week".to_owned(),
                unit => Scale::of(0.0).heading(unit).map_or_else(String::new, |mark| format!(", {mark}")),
            };
            table.columns.push(column(&[first, &format!("{last}{unit}"), &format!("{} weeks/before", lever.weeks)], true, 0));
        }
        let bare = |value: &Value| match value {
            Value::Money(amount, currency) => Value::Money(amount.round_dp(0), currency.clone()),
            Value::Count(n) => Value::Count(n.round_dp(1)),
            other => other.clone(),
        };
        for row in &self.gap.rows {
            let Ok(at) = entities.binary_search(&row.entity) else { continue };
            let mut cells = vec![text(self.label(row))];
            for lever in levers {
                let content = lever.values.get(at).map_or(Content::Blank, |(now, before)| Content::Value {
                    value: bare(now),
                    against: (!before.is_missing()).then(|| bare(before)),
                    share: None,
                });
                cells.push(Cell { content, tone: Tone::Plain });
            }
            table.rows.push(PageRow { tone: if row.entity.level() == Level::Owner { Tone::Plain } else { Tone::Strong }, cells });
        }
        let mut blocks = vec![Block::Heading("levers", LEVERS.to_owned()), Block::Table(table)];
        let brings = &self.gap.brings;
        let one = |what: &str, amount: Option<f64>| amount.map(|amount| format!("{what} {}", self.amount(amount)));
        let parts: Vec<String> = [
            one("one more first meeting a week", brings.meeting),
            one("one more presentation a week", brings.presentation),
            one("one point of win rate", brings.win_rate),
            one("deals larger by 1 %", brings.average_deal),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !parts.is_empty() {
            blocks.push(Block::Notes(vec![note("Brings by then", Tone::Plain, parts)]));
        }
        blocks
    }
}

/// The title of what could be done besides.
const LEVERS: &str = "Levers, beside the own past";

/// What happens in at least so many outcomes is likely.
const LIKELY: f64 = 0.8;

/// A share of outcomes in words; none is certain.
fn outcomes(chance: f64) -> String {
    match chance * 100.0 {
        n if n < 1.0 => "less than 1 of 100 outcomes".to_owned(),
        n if n > 99.0 => "more than 99 of 100 outcomes".to_owned(),
        n => format!("{n:.0} of 100 outcomes"),
    }
}

/// How many more a week, and its range.
fn need(activity: &Activity, need: Option<Need>) -> [Cell; 2] {
    let Some(need) = need else { return [Cell::default(), Cell::default()] };
    let more = need.more;
    if more.value > 0.0 && activity.reach.as_ref().is_some_and(|reach| reach.over) {
        return [text("too late"), Cell::default()];
    }
    if !more.value.is_finite() {
        return [text("no number"), Cell::default()];
    }
    // Beyond what was ever done it is still said how many; the mark says that it is not likely.
    let tone = if need.likely { Tone::Plain } else { Tone::Bad };
    let range = if more.hi > more.lo && more.value > 0.0 { text(ends(&plain(more.lo), &plain(more.hi))) } else { Cell::default() };
    [Cell { tone, ..number(more.value) }, range]
}

/// A number of things a week or so, as a number.
pub(super) fn number(number: f64) -> Cell {
    let value = decimal(number, u32::from(number < 9.95)).map_or(Value::Missing(Why::NotApplicable), Value::Count);
    Cell { content: Content::Value { value, against: None, share: None }, tone: Tone::Plain }
}
