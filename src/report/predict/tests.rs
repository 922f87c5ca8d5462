use super::*;
use crate::calendar::{Grain, Range};
use crate::document::{Content, GridCell};
use crate::predict::{Cells, Grid, Known, Series};
use crate::stats::lead::{Effect, Evidence, Lack, LeadWeeks, Lost, Results, Tested};
use crate::stats::matrix::Matrix;
use crate::unit::Unit;

fn series(name: &str, says: &str, unit: Unit) -> Series {
    let mut values = Matrix::filled(8, 60, 0.0);
    values.row_mut(0)[7] = 3.0;
    let cells = Cells::of(&values);
    Series { name: name.to_owned(), says: says.to_owned(), unit, drop: false, values, cells }
}

fn evidence(p: f64) -> Evidence {
    Evidence {
        p,
        p_adjusted: p,
        z: 4.25,
        z_reverse: 1.0,
        z_same_week: -0.5,
        ahead: true,
        starting: false,
        lead: Some(LeadWeeks { weeks: 6, first: 5, last: 8 }),
        effect: Some(Effect { per_activity: 0.1312, lo: 0.0814, hi: 0.1809 }),
        swing: 0.4,
        detectable_share: 0.402,
        by_lag: vec![0.5; 27],
    }
}

/// One lead with deals won, revenue and profit, of which the test says this.
fn panel(tested: [Tested; 3]) -> Panel {
    let lags =
        [("deals_won", "deals won", Unit::Count), ("revenue", "revenue", Unit::Money("USD".into())), ("profit", "profit", Unit::Hours)];
    let monday = Calendar::default().named(Grain::Week, "2026-W46").map(|week| week.range);
    let known = || Known { people: 8, weeks: 60, together: true, lost: Vec::new(), events: 50 };
    Panel {
        grid: Grid {
            people: (0..8).map(|n| format!("P{n}")).collect(),
            weeks: (0..60).map(|n| format!("2026-W{n:02}")).collect(),
            range: monday.ok().map(|week| Range { first: week.first.plus(-59 * 7), last: week.last }),
            leads: vec![series("visits", "visits", Unit::Count)],
            lags: lags.map(|(name, says, unit)| series(name, says, unit)).into(),
            cuts: Vec::new(),
        },
        pairs: vec![(0, 0), (0, 1), (0, 2)],
        known: vec![known(), known(), known()],
        results: Results { usable: vec![true; 8], lost: Vec::new(), weeks: 60, max_lag: 13, pairs: tested.into() },
    }
}

fn found(verdict: Verdict, evidence: Evidence) -> Tested {
    Tested { verdict, events: 50, evidence: Some(evidence) }
}

fn sentences(panel: &Panel) -> Vec<String> {
    let pairs: Vec<Pair<'_>> = says::pairs(panel).collect();
    says::sentences(&pairs, &Calendar::default())
}

#[test]
fn a_lead_is_said_with_its_weeks_and_its_effect_in_the_units_of_the_lag() {
    let money = Effect { per_activity: 2161.26, lo: -437.1, hi: 4759.7 };
    let large = Evidence { effect: Some(Effect { per_activity: -41_260.0, lo: -61_000.0, hi: -21_400.0 }), ..evidence(0.001) };
    let panel = panel([
        found(Verdict::Leads, evidence(0.001)),
        found(Verdict::Leads, Evidence { effect: Some(money), lead: Some(LeadWeeks { weeks: 1, first: 1, last: 1 }), ..evidence(0.001) }),
        found(Verdict::Leads, Evidence { lead: None, effect: None, ..evidence(0.001) }),
    ]);
    assert_eq!(
        sentences(&panel),
        [
            "Deals won: predicted, about 6 weeks later (5–8). Each one more goes with 0.131 more deals won within 13 weeks (0.081 to 0.181).",
            "Revenue: predicted, about 1 week later. Each one more goes with 2200 $ more revenue within 13 weeks (-400 to 4800, so how much is not known).",
            "Profit: predicted.",
        ]
    );
    let size = number::size(&large.effect.unwrap_or_else(|| unreachable!()), 1.0, &Unit::Money("EUR".into()));
    assert_eq!((size.much.as_str(), size.less, size.interval.as_str()), ("41 k€", true, "-61 to -21"));
}

#[test]
fn what_is_not_shown_is_said_within_its_weeks_and_lags_share_a_sentence() {
    let share = |detectable_share: f64| Evidence { detectable_share, ..evidence(0.6) };
    let none =
        panel([found(Verdict::NoLead, share(0.402)), found(Verdict::NoLead, share(0.417)), found(Verdict::TooLittleToTell, share(1.3))]);
    assert_eq!(
        sentences(&none),
        [
            "Deals won and revenue: no lead shown within 13 weeks. Had 40 to 42 % come from visits, that would have shown 4 times in 5.",
            "Profit: too little data to tell within 13 weeks: had all of it come from visits, that would hardly have shown.",
        ]
    );
    let other = panel([
        found(Verdict::MovesTogether, evidence(0.01)),
        found(Verdict::Hint, Evidence { starting: true, ..evidence(0.04) }),
        Tested { verdict: Verdict::TooLittleData, events: 12, evidence: None },
    ]);
    assert_eq!(
        sentences(&other),
        [
            "Deals won: moves together with it, but does not come after it within 13 weeks: no lead.",
            "Revenue: a hint, not proven among 3 pairs tested, about 6 weeks later (5–8). It rests on people who were starting: whoever learns \
         the job does more and wins more.",
            "Profit: too little data: 12 weeks of a person with a result, of 30.",
        ]
    );
}

#[test]
fn what_is_missing_is_said_and_when_it_will_be_there() {
    let nothing = || Tested { verdict: Verdict::TooLittleData, events: 0, evidence: None };
    let mut panel = panel([nothing(), nothing(), nothing()]);
    let lost = |person: usize, why: Lack| Lost { person, pair: 0, why };
    // Three people are usable, and the two nearest to 20 weeks lack 6 and 8.
    let few = [(3, 12), (4, 14), (5, 3)].map(|(person, weeks)| lost(person, Lack::Weeks(weeks)));
    let lost = few.into_iter().chain([lost(6, Lack::Lead), lost(7, Lack::Lag)]).collect();
    panel.known[0] = Known { people: 3, weeks: 20, together: false, lost, events: 0 };
    panel.known[1] = Known { people: 8, weeks: 25, together: false, lost: Vec::new(), events: 0 };
    panel.grid.lags[2].values = Matrix::filled(8, 60, f64::NAN);
    assert_eq!(
        sentences(&panel),
        [
            "Deals won: too little data: 3 usable people of 5 (3 with fewer than 20 weeks, 1 without a change of visits, 1 without a change of \
         deals won), 20 weeks of 26; enough weeks from W01 2027 on.",
            "Revenue: too little data: 25 weeks of 26; enough weeks from W47 2026 on.",
            "Profit: too little data: profit not known in any week.",
        ]
    );
    panel.grid.leads[0].values = Matrix::filled(8, 60, 0.0);
    assert_eq!(sentences(&panel)[0], "Deals won, revenue and profit: too little data: visits never anything but 0.");
}

#[test]
fn a_page_has_every_pair_and_p_never_stands_alone() {
    let panel = panel([
        found(Verdict::Leads, evidence(0.0005)),
        found(Verdict::NoLead, evidence(0.6)),
        Tested { verdict: Verdict::TooLittleData, events: 12, evidence: None },
    ]);
    let frame = Frame {
        title: "Flash".to_owned(),
        as_of: None,
        calendar: Calendar::default(),
        trust: Vec::new(),
        coverage: Vec::new(),
        diagnostics: Vec::new(),
    };
    let settings = Settings::default();
    let document = predict(&frame, &panel, &[], &Asked { settings: &settings, required: Some(&panel.required()) });
    let tables: Vec<_> =
        document.page.iter().filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None }).collect();
    assert_eq!(tables.iter().map(|table| table.rows.len()).collect::<Vec<_>>(), [3, 3]);
    let text = |content: &Content| match content {
        Content::Text(text) => text.clone(),
        Content::Value { value, .. } => value.as_f64().map_or_else(String::new, |x| x.to_string()),
        _ => String::new(),
    };
    let numbers: Vec<String> = tables[1].rows[0].cells.iter().map(|cell| text(&cell.content)).collect();
    assert_eq!(numbers, ["visits", "deals won", "8", "60", "50", "0.402", "4.2", "-0.5", "1.0", "<0.001", "0.131 (0.081 to 0.181)"]);
    let grid = document.grid.unwrap_or_default();
    assert_eq!((grid.rows.len(), grid.about["pairs"][0]["p"].as_f64()), (3, Some(0.0005)));
    assert!(grid.rows.iter().all(|row| row.len() == grid.columns.len()));
    assert_eq!(grid.rows[2][4], Some(GridCell::Text("12 weeks of a person with a result, of 30".to_owned())));
    assert!(grid.about["pairs"][2]["z"].is_null());
    let drawn: Vec<usize> = document
        .figures
        .iter()
        .filter_map(|figure| if let Figure::Scores(scores) = figure { Some(scores.lines.len()) } else { None })
        .collect();
    assert_eq!(drawn, [2]);
}
