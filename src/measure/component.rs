//! The components of a job as data: the `[component.<name>]` tables of the shipped library and of `leadlag.toml`, and the measures that each
//! of them becomes.
//!
//! ```toml
//! [component.account_planning]
//! says = "Plans made for accounts and territories"
//! label = "account\nplanning"
//! who = "reps"
//! activities = "kind = 'planning' AND outcome = 'held'"
//! ```

#[cfg(test)]
mod tests;

use super::spec::reading::{Entry, Key, Source, Table, fill, set};
use super::spec::{self, Aggregate, Direction, Draft as MeasureDraft, Role, Spec, TeamRule, Text, UnitKind, When, Who};
use super::window::{Part, Tells, Window};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::facts::Whose;
use crate::table::Kind;

/// Whose job a component belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Job {
    /// Everybody's.
    #[default]
    All,
    /// That of those who sell, leaders included where `leaders_sell` says so.
    Reps,
    /// That of leaders.
    Leaders,
}

/// A part of the job, told by predicates over activities and deals.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// Its name: small letters, digits and underscores.
    pub name: String,
    /// What belongs to it, in one sentence; its label where the declaration has none.
    pub says: String,
    /// The heading of its column, lines separated by `\n`; its name in words where the declaration has none.
    pub label: String,
    /// Whose job it belongs to.
    pub who: Job,
    /// Which activities, as a SQL predicate.
    pub activities: Option<Text>,
    /// Which deals, as a SQL predicate, and the date that puts one in a week.
    pub deals: Option<(Text, &'static str)>,
    /// For whom its activities count.
    pub credit: Whose,
    /// How many days the activities must reach back before anything is told of it.
    pub warm_up: Option<u32>,
    /// Whether it is looked at: `false` takes a shipped one of the same name away.
    pub enabled: bool,
    /// Where it is declared.
    pub origin: Location,
}

/// A component that is being put together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    name: String,
    origin: Option<Location>,
    written: Vec<String>,
    says: Option<String>,
    label: Option<String>,
    who: Job,
    activities: Option<Text>,
    deals: Option<Text>,
    deals_on: Option<&'static str>,
    credit: Option<Whose>,
    warm_up: Option<u32>,
    disabled: bool,
}

/// The keys of a `[component.<name>]` table.
pub(crate) const KEYS: &[Key<Draft>] = &[
    Key::value("says", |d, e| fill(&mut d.says, e.filled().map(|t| t.text))),
    Key::value("label", |d, e| fill(&mut d.label, e.filled().map(|t| t.text))),
    Key::value("who", |d, e| set(&mut d.who, e.word(&[("all", Job::All), ("reps", Job::Reps), ("leaders", Job::Leaders)]))),
    Key::value("activities", |d, e| fill(&mut d.activities, e.filled())),
    Key::value("deals", |d, e| fill(&mut d.deals, e.filled())),
    Key::value("deals_on", |d, e| fill(&mut d.deals_on, e.word_of(&["created_on", "closed_on"]))),
    Key::value("credit", |d, e| fill(&mut d.credit, e.word(Whose::WORDS))),
    Key::value("warm_up", |d, e| fill(&mut d.warm_up, e.whole(0, 3_650))),
    Key::value("enabled", |d, e| set(&mut d.disabled, e.flag().map(|enabled| !enabled))),
];

/// Takes the `[component.<name>]` tables of a text into drafts, in the order in which they are written.
pub(crate) fn read_drafts(entry: &Entry<'_>, drafts: &mut Vec<Draft>) {
    let Some(components) = entry.table() else { return };
    for component in components.entries() {
        spec::check_name(component, "component");
        let Some(table) = component.table() else { continue };
        let name = component.key;
        let at = drafts.iter().position(|d| d.name == name).unwrap_or_else(|| {
            drafts.push(Draft { name: name.to_owned(), ..Draft::default() });
            drafts.len() - 1
        });
        drafts[at].read(&table);
    }
}

impl Draft {
    fn read(&mut self, table: &Table<'_>) {
        table.read_into(self, KEYS);
        self.written.extend(table.entries().iter().map(|e| e.key.to_owned()));
        self.origin = Some(table.at());
    }

    fn refuse(&self, message: String, hint: &str, found: &mut Vec<Diagnostic>) {
        let mut said = Diagnostic::error(Code::ConfigValue, message).hint(hint);
        said.location.clone_from(&self.origin);
        found.push(said);
    }

    /// The component, if what it needs is there.
    pub(crate) fn finish(self, found: &mut Vec<Diagnostic>) -> Option<Component> {
        let has = |key: &str| self.written.iter().any(|k| k == key);
        let before = found.len();
        // A key that is there but wrong has its own error already.
        if !self.disabled && !has("activities") && !has("deals") {
            let hint = "write which activities belong to it, such as activities = \"kind = 'planning'\", or which deals";
            self.refuse(format!("component `{}` lacks `activities`", self.name), hint, found);
        }
        if has("deals") && !has("deals_on") {
            let hint = "write deals_on = \"created_on\" or \"closed_on\"";
            self.refuse(format!("component `{}` lacks `deals_on`, the date that puts a deal in a week", self.name), hint, found);
        }
        if has("deals_on") && !has("deals") {
            self.refuse(format!("component `{}` has `deals_on` and no `deals`", self.name), "take it out, or write which deals", found);
        }
        for key in ["credit", "warm_up"].into_iter().filter(|key| has(key) && !self.disabled && !has("activities")) {
            let message = format!("component `{}` has `{key}`, which is about activities, and no `activities`", self.name);
            self.refuse(message, "take it out, or write which activities", found);
        }
        if found.len() > before {
            return None;
        }
        let label = self.label.unwrap_or_else(|| self.name.replace('_', " "));
        Some(Component {
            says: self.says.unwrap_or_else(|| label.replace('\n', " ")),
            label,
            who: self.who,
            activities: self.activities,
            deals: self.deals.zip(self.deals_on),
            credit: self.credit.unwrap_or(Whose::Owner),
            warm_up: self.warm_up,
            enabled: !self.disabled,
            origin: self.origin?,
            name: self.name,
        })
    }
}

/// Reads a file of the shipped library that holds `[component.<name>]` and `[measure.<name>]` tables.
///
/// # Errors
/// Every mistake in the text, with its line and position.
pub(super) fn read(text: &str, file: &str) -> Result<(Vec<Spec>, Vec<Component>), Vec<Diagnostic>> {
    type Drafts = (Vec<MeasureDraft>, Vec<Draft>);
    const TOP: &[Key<Drafts>] =
        &[Key::table("measure", |d, e| spec::read_drafts(e, &mut d.0)), Key::table("component", |d, e| read_drafts(e, &mut d.1))];
    let mut drafts = Drafts::default();
    let (mut found, _) = Source::new(file, text, true, |_| Vec::new()).without_settings().read(|table| table.read_into(&mut drafts, TOP));
    let specs: Vec<Spec> = drafts.0.into_iter().filter_map(|d| d.finish(&mut found)).collect();
    let components: Vec<Component> = drafts.1.into_iter().filter_map(|d| d.finish(&mut found)).collect();
    if found.iter().any(|d| d.severity == Severity::Error) { Err(found) } else { Ok((specs, components)) }
}

/// The shipped components with the user's own, which win over those of the same name; none that is switched off.
pub(super) fn merged(shipped: &[Component], own: &[Component]) -> Vec<Component> {
    let mut all = shipped.to_vec();
    for component in own {
        match all.iter_mut().find(|c| c.name == component.name) {
            Some(place) => *place = component.clone(),
            None => all.push(component.clone()),
        }
    }
    all.retain(|c| c.enabled);
    all
}

/// Takes the shipped components away whose records a measure of the user's own has the name of, and returns their names.
pub(super) fn step_aside(components: &mut Vec<Component>, own: &[Spec]) -> Vec<String> {
    let taken = |c: &Component| shipped(&c.origin) && c.counts().iter().any(|spec| own.iter().any(|own| own.name == spec.name));
    let aside = components.iter().filter(|c| taken(c)).map(|c| c.name.clone()).collect();
    components.retain(|c| !taken(c));
    aside
}

/// The measures of all components, and those that look at several of them at once; without shipped ones whose name a measure of the user's
/// own has.
///
/// # Errors
/// Names that another measure has.
pub(super) fn specs(components: &[Component], measures: &[Spec], own: &[Spec]) -> Result<Vec<Spec>, Vec<Diagnostic>> {
    let mut all: Vec<Spec> = components.iter().flat_map(Component::specs).collect();
    if !components.is_empty() {
        all.extend(of_the_whole(components, &Location::file(FILE)));
    }
    all.retain(|spec| !shipped(&spec.origin) || own.iter().all(|own| own.name != spec.name));
    let mut problems = Vec::new();
    for (at, spec) in all.iter().enumerate() {
        let Some(other) = measures.iter().chain(&all[..at]).find(|other| other.name == spec.name) else { continue };
        // Whoever reads this can change what is their own, which is read after the library.
        let (mine, other) = if shipped(&spec.origin) { (other, spec) } else { (spec, other) };
        let component = components.iter().find(|c| c.origin == mine.origin).map_or("", |c| c.name.as_str());
        let message = format!("the component `{component}` and a measure are both called `{}`", mine.name);
        let hint = match components.iter().find(|c| c.origin == other.origin) {
            Some(shipped) => {
                format!("give yours another name, or switch the other component off: [component.{}] enabled = false", shipped.name)
            }
            None if other.origin.file == mine.origin.file => "give one of them another name".to_owned(),
            None => format!("`{}` is a measure that ships: give the component another name", mine.name),
        };
        problems.push(Diagnostic::error(Code::ConfigValue, message).at(mine.origin.clone()).hint(hint));
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

/// The file of the library that holds the shipped components.
pub(super) const FILE: &str = "job.toml";

fn shipped(at: &Location) -> bool {
    at.file == FILE
}

impl Component {
    /// Its name in words.
    pub fn words(&self) -> String {
        self.name.replace('_', " ")
    }

    fn told(&self, says: &str) -> Told<'_> {
        Told {
            says: says.to_owned(),
            label: self.label.clone(),
            team: TeamRule::Union,
            unit: UnitKind::Count,
            good: Direction::Up,
            who: if self.who == Job::Leaders { Who::Leaders } else { Who::Everybody },
            at: &self.origin,
        }
    }

    /// The counts by which its records are told; the last one is of all of them, and has its name.
    fn counts(&self) -> Vec<Spec> {
        let name = |table: &str| format!("{}_{table}", self.name);
        let count = |name: String, filter: &Text, from: Kind, on: &str| Spec {
            filter: filter.clone(),
            from,
            on: on.to_owned(),
            ..self.told(&self.says).measure(name, Aggregate::Count)
        };
        let activities = |name, filter| Spec { credit: self.credit, warm_up: self.warm_up, ..count(name, filter, Kind::Activities, "day") };
        let deals = |name, (filter, on): &(Text, &'static str)| count(name, filter, Kind::Deals, on);
        match (&self.activities, &self.deals) {
            (Some(filter), None) => vec![activities(self.name.clone(), filter)],
            (None, Some(found)) => vec![deals(self.name.clone(), found)],
            (None, None) => Vec::new(),
            (Some(filter), Some(found)) => {
                let (one, other) = (activities(name("activities"), filter), deals(name("deals"), found));
                let both = Aggregate::Plus(one.name.clone(), other.name.clone());
                let both = self.told(&self.says).measure(self.name.clone(), both);
                vec![one, other, both]
            }
        }
    }

    /// The names of the measures that count its records in a table each.
    pub fn counted_by(&self) -> Vec<String> {
        self.counts().into_iter().filter(|spec| spec.value == Aggregate::Count).map(|spec| spec.name).collect()
    }

    /// Every measure that it becomes.
    fn specs(&self) -> Vec<Spec> {
        const WINDOW: &str = "the 13 weeks that end with the period";
        let what = self.words();
        let window = |ending: &str, tells: Tells, unit: UnitKind, good: Direction, says: String| {
            let mut of = vec![Part { component: self.name.clone(), who: self.who }];
            if tells == Tells::Share {
                // Of leaders' records in a team those of its leaders alone are the whole.
                let whole = if self.who == Job::Leaders { HELD_BY_LEADERS } else { HELD };
                of.push(Part { component: whole.to_owned(), who: Job::All });
            }
            let label = format!("{}\n{}", self.label, ending.replace('_', " "));
            let told = Told { label, team: TeamRule::OfAll, unit, good, ..self.told(&says) };
            told.measure(format!("{}_{ending}", self.name), Aggregate::Window(Window { tells, of }))
        };
        let mut all = self.counts();
        let (up, down) = (Direction::Up, Direction::Down);
        if self.activities.is_some() {
            let says = format!("Share of {what} in the held activities of {WINDOW}");
            all.push(window("share", Tells::Share, UnitKind::Ratio, up, says));
        }
        let says = format!("Share of the weeks with any {what} in {WINDOW}; weeks away do not count");
        all.push(window("regularity", Tells::Regularity, UnitKind::Ratio, up, says));
        let says = format!("Most weeks in a row without {what} in {WINDOW}; weeks away do not count");
        all.push(window("longest_gap", Tells::LongestGap, UnitKind::Count, down, says));
        let says = format!("Weeks since the last {what} in {WINDOW}, all of them where there is none; weeks away do not count");
        all.push(window("weeks_since", Tells::WeeksSince, UnitKind::Count, down, says));
        all
    }
}

/// The measure that shares of activities are of.
pub(super) const HELD: &str = "held_activities";

/// The measure that shares of leaders' activities are of.
const HELD_BY_LEADERS: &str = "leader_held_activities";

/// The measure whose records the accounts met are taken from.
pub(super) const MEETINGS: &str = "customer_meetings";

/// The components of which one is dropped while the other is hot.
pub(super) const SEE_SAW: [&str; 2] = ["prospecting", "deal_work"];

/// The measure whose records the products won are taken from.
pub(super) const WON: &str = "deals_won";

/// What is said of a measure.
struct Told<'a> {
    says: String,
    label: String,
    team: TeamRule,
    unit: UnitKind,
    good: Direction,
    who: Who,
    at: &'a Location,
}

impl Told<'_> {
    /// A lead measure of activities that counts every record, unless more is said.
    fn measure(self, name: String, value: Aggregate) -> Spec {
        Spec {
            name,
            role: Role::Lead,
            says: self.says,
            label: self.label,
            from: Kind::Activities,
            on: "day".to_owned(),
            filter: Text { text: "TRUE".to_owned(), at: self.at.clone() },
            value,
            value_at: self.at.clone(),
            team: self.team,
            unit: self.unit,
            good: self.good,
            min_count: None,
            known: None,
            warm_up: None,
            ripe_after: None,
            credit: Whose::Owner,
            who: self.who,
            when: When::In,
            origin: self.at.clone(),
        }
    }
}

/// The measures that look at several components, or at whom somebody meets, over 13 weeks.
fn of_the_whole(components: &[Component], at: &Location) -> Vec<Spec> {
    let all: Vec<Part> = components.iter().map(|c| Part { component: c.name.clone(), who: c.who }).collect();
    let pair: Vec<Part> = all.iter().filter(|part| SEE_SAW.contains(&part.component.as_str())).cloned().collect();
    let one = |name: &str| vec![Part { component: name.to_owned(), who: Job::All }];
    let flag = |name: &str, tells: Tells, of: Vec<Part>, says: &str| {
        let says = format!("{says}; of a team or all, how many of its people");
        let label = name.replace('_', " ");
        let told = Told { says, label, team: TeamRule::Sum, unit: UnitKind::Count, good: Direction::Down, who: Who::Everybody, at };
        told.measure(name.to_owned(), Aggregate::Window(Window { tells, of }))
    };
    let share = |name: &str, label: &str, tells: Tells, of: &str, good: Direction, says: &str| {
        let says = format!("{says}, over the 13 weeks that end with the period");
        let told = Told { says, label: label.to_owned(), team: TeamRule::OfAll, unit: UnitKind::Ratio, good, who: Who::Everybody, at };
        told.measure(name.to_owned(), Aggregate::Window(Window { tells, of: one(of) }))
    };
    let (up, down) = (Direction::Up, Direction::Down);
    let neglected = "Components of the job without a record for 3 weeks or more, and for longer than chance explains";
    let start_stop = "Components of the job with more weeks of none than a steady rhythm of the same mean explains";
    let see_saw = "Whether prospecting stops in the weeks in which deals are hot, more than chance explains";
    let favourites = "Whether five accounts get more of the meetings than chance explains";
    let top_five = "Share of the five most-met accounts in the held customer meetings whose account is known";
    let without = "Share of accounts without an open deal on that day in the held customer meetings whose account is known";
    let product = "Share of one product in the amount won, of the deals whose product and amount are known";
    let new = "Share of prospects in the held customer meetings of which that is known";
    let top_product = share("top_product_share", "top\nproduct", Tells::TopProduct, WON, down, product);
    vec![
        flag("neglected", Tells::Neglected, all.clone(), neglected),
        flag("start_stop", Tells::StartStop, all, start_stop),
        flag("see_saw", Tells::SeeSaw, pair, see_saw),
        flag("favourites", Tells::Favourites, one(MEETINGS), favourites),
        share("top_five_share", "top five\naccounts", Tells::TopFive, MEETINGS, down, top_five),
        share("without_open_deal_share", "without\nopen deal", Tells::WithoutOpenDeal, MEETINGS, down, without),
        Spec { from: Kind::Deals, on: "closed_on".to_owned(), ..top_product },
        share("new_account_share", "new\naccounts", Tells::NewAccounts, MEETINGS, up, new),
    ]
}
