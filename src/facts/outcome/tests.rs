#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::table::{Kind, Roster, Source};

/// Kind, outcome, day and day of entry of a record, and whether it is left out.
type Row = (Option<u8>, Option<u8>, Option<u8>, Option<u8>, bool);

const DAY: i32 = 20_000;

/// A column of days, kept short or not.
fn days(days: impl Iterator<Item = Option<u8>>, short: bool) -> Column {
    if short {
        return Column::Short(Short::Days { first: DAY, after: days.map(|day| day.map_or(Short::BLANK, u16::from)).collect() });
    }
    Column::Days(days.map(|day| day.map_or(Column::NO_DAY, |day| DAY + i32::from(day))).collect())
}

fn data(rows: &[Row], modified: Option<u8>, short: bool) -> Data {
    let none = |kind| Table::new(kind, Vec::new(), Vec::new());
    let mut activities = Table::new(Kind::Activities, vec![0; rows.len()], (2..).take(rows.len()).collect());
    let texts = |names: &'static [&str], of: fn(&Row) -> Option<u8>| {
        Column::Words(Words::from_texts(rows.iter().map(|row| Some(names[usize::from(of(row)?)]))))
    };
    activities.set("kind", texts(&["meeting", "call", "task"], |row| row.0));
    activities.set("outcome", texts(&WORDS, |row| row.1));
    activities.set("day", days(rows.iter().map(|row| row.2), short));
    activities.set("created_on", days(rows.iter().map(|row| row.3), short));
    activities.set("modified_on", days(rows.iter().map(|_| modified), short));
    for row in (0..rows.len()).filter(|row| rows[*row].4) {
        activities.leave_out(row, Reason::Deleted);
    }
    let source = Source::new("a.csv", "activities");
    Data {
        sources: vec![source],
        activities,
        deals: none(Kind::Deals),
        accounts: none(Kind::Accounts),
        leads: none(Kind::Leads),
        targets: none(Kind::Targets),
        stages: none(Kind::Stages),
        commitments: none(Kind::Commitments),
        roster: Roster::default(),
        said_prospect: Vec::new(),
        said_step: Vec::new(),
        stage_words: BTreeMap::new(),
        said_new_business: Vec::new(),
        splits: BTreeMap::new(),
        group_key: None,
        says_who_attended: false,
        child: Vec::new(),
        kept_as_task: Vec::new(),
        promised: BTreeMap::new(),
    }
}

proptest! {
    /// Records are judged alike whether or not their days are kept short.
    #[test]
    fn days_that_are_kept_short_judge_as_others(
        rows in prop::collection::vec(
            (prop::option::of(0..3_u8), prop::option::of(0..5_u8), prop::option::weighted(0.9, 0..60_u8), prop::option::of(0..45_u8), prop::bool::weighted(0.02)),
            0..60,
        ),
        modified in prop::option::of(30..50_u8),
        as_of in 0..60_i32,
        blank in prop::option::of(any::<bool>()),
    ) {
        let settings = Settings {
            as_of: Day(DAY + as_of),
            through: None,
            blank: blank.map(|held| if held { Blank::Held } else { Blank::Unknown }),
            minutes: BTreeMap::new(),
            count_each: false,
            currency: None,
            rates: None,
            stages: Vec::new(),
        };
        let judged = |short: bool| {
            let (mut data, mut facts) = (data(&rows, modified, short), Facts::default());
            judge(&mut data, &settings, &mut facts);
            let outcomes: Vec<Option<String>> = (0..rows.len()).map(|row| data.activities.text("outcome", row).map(str::to_owned)).collect();
            (outcomes, data.activities.left_out, facts.assumed, facts.through, facts.activities, data.sources[0].dated)
        };
        prop_assert_eq!(judged(true), judged(false));
    }
}
