//! The rows of a gap for files, and what JSON says before them.

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};

use super::{Shown, decimal};
use crate::document::{Grid, GridCell};
use crate::gap::{Activity, Estimate, LeadFrom, Need, Row};
use crate::measure::Entity;
use crate::report::tidy;
use crate::unit::Value;

const COLUMNS: &[&str] = &[
    "level",
    "name",
    "team",
    "people",
    "currency",
    "goal",
    "won",
    "left",
    "open_deals",
    "open_amount",
    "pipeline",
    "pipeline_lo",
    "pipeline_hi",
    "meetings_per_week",
    "at_pace",
    "at_pace_lo",
    "at_pace_hi",
    "missing",
    "missing_lo",
    "missing_hi",
    "chance",
    "more_meetings",
    "more_meetings_lo",
    "more_meetings_hi",
    "more_meetings_likely",
    "more_presentations",
    "more_presentations_lo",
    "more_presentations_hi",
    "more_presentations_likely",
    "new_prospect_meetings",
    "new_prospect_meetings_before",
    "advance_rate",
    "advance_rate_before",
    "win_rate",
    "win_rate_before",
    "average_deal",
    "average_deal_before",
];

type GridRow = Vec<Option<GridCell>>;

fn number(number: Option<f64>, places: u32) -> Option<GridCell> {
    number.and_then(|number| decimal(number, places)).map(GridCell::Number)
}

fn count(n: usize) -> GridCell {
    GridCell::Number(Decimal::from(n as u64))
}

fn word(text: &str) -> Option<GridCell> {
    (!text.is_empty()).then(|| GridCell::Text(text.to_owned()))
}

fn estimate(estimate: Option<Estimate>) -> [Option<GridCell>; 3] {
    [estimate.map(|e| e.value), estimate.map(|e| e.lo), estimate.map(|e| e.hi)].map(|end| number(end, 2))
}

fn need(need: Option<Need>) -> [Option<GridCell>; 4] {
    let [value, lo, hi] = estimate(need.map(|need| need.more));
    [value, lo, hi, need.map(|need| GridCell::Flag(need.likely))]
}

/// A number for JSON; null where it is none, or endless.
fn digits(number: f64, places: u32) -> Json {
    decimal(number, places).map_or(Json::Null, |number| json!(number.to_string().parse::<f64>().ok()))
}

fn interval(estimate: Estimate) -> Json {
    json!({ "value": digits(estimate.value, 6), "lo": digits(estimate.lo, 6), "hi": digits(estimate.hi, 6) })
}

impl Shown<'_, '_> {
    pub(super) fn grid(&self) -> Grid {
        Grid { name: "rows", columns: COLUMNS.to_vec(), rows: self.gap.rows.iter().map(|row| self.row(row)).collect(), about: self.about() }
    }

    fn row(&self, row: &Row) -> GridRow {
        let team = match row.entity {
            Entity::Owner(person) => {
                self.run.team_in(person, self.run.period().range).and_then(|team| self.run.data.roster.teams.get(team as usize))
            }
            _ => None,
        };
        let mut cells = vec![
            word(row.entity.level().name()),
            word(self.run.name(row.entity)),
            team.and_then(|team| word(team)),
            Some(count(row.people as usize)),
            word(&self.gap.goal.unit().to_string()),
            number(row.goal, 2),
            number(Some(row.won), 2),
            number(row.left(), 2),
            Some(count(row.open)),
            number(Some(row.open_amount), 2),
        ];
        cells.extend(estimate(row.pipeline));
        cells.push(number(row.pace, 2));
        cells.extend(estimate(row.at_pace));
        cells.extend(estimate(row.missing));
        cells.push(number(row.chance, 3));
        cells.extend(need(row.meetings));
        cells.extend(need(row.presentations));
        let entities = self.run.engine.entities();
        let at = entities.binary_search(&row.entity).ok();
        for lever in &self.gap.levers.list {
            let values = at.and_then(|at| lever.values.get(at));
            let cell = |value: &Value| tidy::number(value).map(GridCell::Number);
            cells.extend([values.and_then(|(now, _)| cell(now)), values.and_then(|(_, before)| cell(before))]);
        }
        cells
    }

    fn about(&self) -> Map<String, Json> {
        let goal = &self.gap.goal;
        let mut about = Map::new();
        about.insert(
            "goal".to_owned(),
            json!({
                "measure": goal.measure,
                "unit": goal.unit().to_string(),
                "given": goal.given.is_some(),
                "period": goal.period.name,
                "first": goal.range.first.to_string(),
                "last": goal.range.last.to_string(),
            }),
        );
        about.insert("known_until".to_owned(), json!(self.gap.known.to_string()));
        about.insert("activities".to_owned(), [&self.gap.meetings, &self.gap.presentations].into_iter().map(activity).collect());
        let assumptions = self.gap.assumptions.iter().map(|assumption| {
            json!({
                "option": format!("--{}", assumption.name),
                "says": assumption.says,
                "source": if assumption.given { "given" } else { "own" },
                "unit": assumption.unit.to_string(),
                "value": assumption.value.map_or(Json::Null, |value| digits(value.value, 6)),
                "lo": assumption.value.map_or(Json::Null, |value| digits(value.lo, 6)),
                "hi": assumption.value.map_or(Json::Null, |value| digits(value.hi, 6)),
                "records": assumption.records,
                "rests_on": assumption.rests_on,
            })
        });
        about.insert("assumptions".to_owned(), assumptions.collect());
        let levers = self.gap.levers.list.iter().map(|lever| {
            json!({
                "measure": lever.measure,
                "unit": lever.unit.to_string(),
                "weeks": lever.weeks,
                "period": lever.now.as_ref().map(|period| &period.name),
                "before": lever.before.as_ref().map(|period| &period.name),
            })
        });
        about.insert("levers".to_owned(), levers.collect());
        let check = self.gap.check.map(|check| {
            let whose = (check.whose != Entity::All).then(|| self.run.name(check.whose));
            json!({ "whose": whose, "day": check.day.to_string(), "expected": interval(check.expected), "came": digits(check.came, 2), "held": !check.failed() })
        });
        about.insert("check".to_owned(), json!(check));
        let brings = self.gap.brings;
        let brings = [
            ("meeting", brings.meeting),
            ("presentation", brings.presentation),
            ("win_rate", brings.win_rate),
            ("average_deal", brings.average_deal),
        ];
        about.insert(
            "brings".to_owned(),
            brings.into_iter().map(|(name, amount)| (name.to_owned(), json!(amount.map(|amount| digits(amount, 2))))).collect(),
        );
        about.insert("needs".to_owned(), json!(self.gap.needs));
        about.insert("notes".to_owned(), json!(self.gap.notes));
        about
    }
}

fn activity(activity: &Activity) -> Json {
    let from = |from: LeadFrom| match from {
        LeadFrom::Given => "given",
        LeadFrom::Tested => "tested",
        LeadFrom::Linkage => "linkage",
        LeadFrom::DaysToWin => "days_to_win",
    };
    json!({
        "measure": activity.measure,
        "accounts": activity.accounts,
        "won": activity.won,
        "conversion": activity.conversion.map(interval),
        "lead_weeks": activity.lead.map(|(weeks, _)| interval(weeks)),
        "lead_from": activity.lead.map(|(_, by)| from(by)),
        "each_brings": activity.each.as_ref().map(|(each, _)| interval(*each)),
        "weeks_left": activity.weeks_left,
        "last_week": activity.reach.as_ref().map(|reach| &reach.last.name),
        "over": activity.reach.as_ref().map(|reach| reach.over),
        "then": activity.reach.as_ref().map(|reach| &reach.then.name),
        "serves": activity.reach.as_ref().map(|reach| &reach.serves.name),
    })
}
