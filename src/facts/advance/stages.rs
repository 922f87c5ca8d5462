//! The stages that deals went through: in which order they stand, and which moves lead forward to one not reached before.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::calendar::Day;
use crate::facts::rows::{Days, NONE, PerWord, words};
use crate::table::Data;

/// Fewer deals than this don't show where a stage stands.
const FEW: u32 = 3;

/// A move to a stage that its deal had not reached before, and that does not lead back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Move {
    pub(super) deal: usize,
    pub(super) on: Day,
    stage: u32,
    /// The row of the history.
    pub(super) row: usize,
}

/// A row of the history, its stages as numbers.
#[derive(Debug, Clone, Copy)]
struct Entry {
    deal: usize,
    on: Day,
    stage: u32,
    from: Option<u32>,
    row: usize,
}

/// The stages of every deal, and the order of stages.
pub(super) struct History {
    /// Folded names of stages as numbers.
    index: FxHashMap<String, u32>,
    /// Whether each is a stage on the way, neither won, lost nor canceled.
    open: Vec<bool>,
    won: Vec<bool>,
    /// The place of each in the order that the user has given.
    given: Vec<Option<usize>>,
    /// Of how many deals the first stage was reached before the second.
    before: FxHashMap<(u32, u32), u32>,
    /// How many deals reached each stage.
    deals: FxHashMap<u32, u32>,
    /// The stages on the way of which something says how they stand to each other.
    compared: BTreeSet<u32>,
    /// By deal and in order of time.
    entries: Vec<Entry>,
    /// Rows that belong to one.
    pub(super) known: u64,
    /// The last day of any row.
    pub(super) last: Option<Day>,
}

impl History {
    /// The history up to a day; `deals` are the rows of the deals that it names, by code.
    pub(super) fn new(data: &Data, deals: &[u32], order: &[String], until: Day) -> Self {
        let mut found = Self {
            index: FxHashMap::default(),
            open: Vec::new(),
            won: Vec::new(),
            given: Vec::new(),
            before: FxHashMap::default(),
            deals: FxHashMap::default(),
            compared: BTreeSet::new(),
            entries: Vec::new(),
            known: 0,
            last: None,
        };
        for word in data.stage_words.values() {
            let stage = found.number(&word.folded) as usize;
            found.open[stage] &= word.state.is_none();
            found.won[stage] |= word.state == Some("won");
        }
        for (place, folded) in order.iter().enumerate() {
            let stage = found.number(folded) as usize;
            found.given[stage] = found.given[stage].or(Some(place));
        }
        found.read(data, deals, until);
        found.count();
        let given = (0..found.given.len() as u32).filter(|stage| found.given[*stage as usize].is_some());
        let all = given.chain(found.before.keys().flat_map(|(early, late)| [*early, *late]));
        found.compared = all.filter(|stage| found.open[*stage as usize]).collect();
        found
    }

    fn number(&mut self, folded: &str) -> u32 {
        if let Some(known) = self.index.get(folded) {
            return *known;
        }
        let stage = self.open.len() as u32;
        self.index.insert(folded.to_owned(), stage);
        self.open.push(true);
        self.won.push(false);
        self.given.push(None);
        stage
    }

    fn stage(&self, data: &Data, text: Option<&str>) -> Option<u32> {
        // A stage in which a deal waits is none that it went on to, nor one that it came from.
        self.index.get(&data.stage_words.get(text?).filter(|word| !word.waits)?.folded).copied()
    }

    fn read(&mut self, data: &Data, deals: &[u32], until: Day) {
        let table = &data.stages;
        let [stages, from] = ["stage", "from_stage"].map(|name| PerWord::new(words(table, name), |word| self.stage(data, Some(word))));
        let deals = PerWord::by_code(words(table, "deal"), deals.iter().map(|row| Some(*row).filter(|row| *row != NONE)));
        let days = Days::of(table, "on");
        for row in (0..table.len()).filter(|row| table.used(*row)) {
            let Some(deal) = deals.get(row) else { continue };
            self.known += 1;
            let on = days.get(row).filter(|on| *on <= until);
            let (Some(stage), Some(on)) = (stages.get(row), on) else { continue };
            self.last = self.last.max(Some(on));
            self.entries.push(Entry { deal: deal as usize, on, stage, from: from.get(row), row });
        }
        // Of one day the history says no time: its rows stand as in their file, which may begin with the latest.
        let mut falls: FxHashMap<u16, i64> = FxHashMap::default();
        for pair in self.entries.windows(2) {
            if let [one, next] = pair
                && one.deal == next.deal
                && table.file[one.row] == table.file[next.row]
            {
                *falls.entry(table.file[one.row]).or_default() += i64::from(next.on < one.on) - i64::from(next.on > one.on);
            }
        }
        self.entries.sort_by_key(|entry| {
            let file = table.file[entry.row];
            let line = i64::from(table.line.get(entry.row));
            let latest_first = falls.get(&file).is_some_and(|falls| *falls > 0);
            (entry.deal, entry.on, file, if latest_first { -line } else { line })
        });
    }

    /// Calls back with each stage that a deal is found in for the first time: the entry, and the stage before, which is none where the
    /// history of the deal begins.
    fn firsts(&self, mut found: impl FnMut(&Entry, Option<u32>, &[u32])) {
        let mut reached: Vec<u32> = Vec::new();
        let (mut deal, mut current) = (None, None);
        for entry in &self.entries {
            if deal != Some(entry.deal) {
                reached.clear();
                (deal, current) = (Some(entry.deal), None);
            }
            if let Some(from) = entry.from.filter(|from| !reached.contains(from)) {
                reached.push(from);
            }
            let before = entry.from.or(current);
            current = Some(entry.stage);
            if !reached.contains(&entry.stage) {
                reached.push(entry.stage);
                found(entry, before, &reached);
            }
        }
    }

    /// Counts which stage deals reach before which.
    fn count(&mut self) {
        let mut last: FxHashMap<usize, Vec<u32>> = FxHashMap::default();
        self.firsts(|entry, _, reached| {
            last.insert(entry.deal, reached.to_vec());
        });
        for reached in last.values() {
            for (at, early) in reached.iter().enumerate() {
                *self.deals.entry(*early).or_default() += 1;
                for late in &reached[at + 1..] {
                    *self.before.entry((*early, *late)).or_default() += 1;
                }
            }
        }
    }

    /// Whether a stage stands after another: by the order given, else because more deals reached it after the other than before.
    fn after(&self, stage: u32, other: u32) -> bool {
        if let (Some(a), Some(b)) = (self.given[stage as usize], self.given[other as usize]) {
            return a > b;
        }
        let times = |pair| self.before.get(&pair).copied().unwrap_or(0);
        times((other, stage)) > times((stage, other))
    }

    /// Every move forward to a stage not reached before. A win leads forward; a loss does not, and the row with which a deal's history begins
    /// is its creation.
    pub(super) fn moves(&self) -> Vec<Move> {
        let mut moves = Vec::new();
        self.firsts(|entry, before, _| {
            let Some(before) = before else { return };
            let (won, open) = (self.won[entry.stage as usize], self.open[entry.stage as usize]);
            if won || open && !self.after(before, entry.stage) {
                moves.push(Move { deal: entry.deal, on: entry.on, stage: entry.stage, row: entry.row });
            }
        });
        moves
    }

    /// Whether a move's stage has its place in the order by so few deals that it is hardly known.
    pub(super) fn is_thin(&self, step: &Move) -> bool {
        let stage = step.stage as usize;
        !self.won[stage] && self.given[stage].is_none() && self.deals.get(&step.stage).is_none_or(|deals| *deals < FEW)
    }

    /// Whether the history of each of `deals` deals holds its win.
    pub(super) fn wins(&self, deals: usize) -> Vec<bool> {
        let mut wins = vec![false; deals];
        for entry in &self.entries {
            wins[entry.deal] |= self.won[entry.stage as usize];
        }
        wins
    }

    /// The last stage on the way that each of `deals` deals was in on or before its day, where its history says one.
    pub(super) fn last_open(&self, deals: usize, day: impl Fn(usize) -> Option<Day>) -> Vec<Option<u32>> {
        let mut last = vec![None; deals];
        for entry in self.entries.iter().filter(|entry| day(entry.deal).is_some_and(|day| entry.on <= day)) {
            let open = |stage: &u32| self.open[*stage as usize];
            last[entry.deal] = Some(entry.stage).filter(open).or_else(|| entry.from.filter(open)).or(last[entry.deal]);
        }
        last
    }

    /// The stage on the way that a word names.
    pub(super) fn open_stage(&self, data: &Data, text: Option<&str>) -> Option<u32> {
        self.stage(data, text).filter(|stage| self.open[*stage as usize])
    }

    /// Whether a stage is one of the first two on the way; none where nothing says how it stands to any other.
    pub(super) fn early(&self, stage: u32) -> Option<bool> {
        let others = || self.compared.iter().copied().filter(|other| *other != stage);
        let told = others().any(|other| self.after(stage, other) || self.after(other, stage));
        told.then(|| others().filter(|other| self.after(stage, *other)).count() < 2)
    }
}
