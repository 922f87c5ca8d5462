#![allow(clippy::unwrap_used)]

use super::*;
use crate::diagnostic::Place;
use crate::measure::Catalog;

const FILE: &str = "leadlag.toml";

fn own(text: &str) -> Vec<Component> {
    read(text, FILE).unwrap().1
}

/// Message, line and position of every mistake.
fn mistakes(text: &str) -> Vec<(String, u32, u32, String)> {
    told(&read(text, FILE).unwrap_err())
}

fn told(found: &[Diagnostic]) -> Vec<(String, u32, u32, String)> {
    let place = |d: &Diagnostic| {
        let at = d.location.clone().unwrap();
        let column = match at.column {
            Some(Place::Position(position)) => position,
            _ => 0,
        };
        (d.message.clone(), at.line.unwrap_or(0), column, d.hints.first().cloned().unwrap_or_default())
    };
    found.iter().map(place).collect()
}

#[test]
fn a_component_becomes_measures() {
    let text = "[component.demos]\nlabel = \"demos\\ngiven\"\nactivities = \"kind = 'presentation'\"\n\
                deals = \"state = 'won'\"\ndeals_on = \"closed_on\"\n";
    let catalog = Catalog::with(&[], &own(text)).unwrap();
    let names: Vec<&str> = catalog.names().filter(|name| name.starts_with("demos")).collect();
    let all = ["demos_activities", "demos_deals", "demos", "demos_share", "demos_regularity", "demos_longest_gap", "demos_weeks_since"];
    assert_eq!(names, all);
    let (both, deals) = (catalog.spec("demos").unwrap(), catalog.spec("demos_deals").unwrap());
    assert_eq!(both.value, Aggregate::Plus("demos_activities".into(), "demos_deals".into()));
    assert_eq!((deals.from, deals.on.as_str(), deals.filter.text.as_str()), (Kind::Deals, "closed_on", "state = 'won'"));
    assert_eq!((both.says.as_str(), both.label.as_str()), ("demos given", "demos\ngiven"));
    assert!(catalog.spec("demos_share").unwrap().is_share() && catalog.spec("demos_regularity").unwrap().is_share());
    let compiled: Vec<String> = catalog.compile(&["demos_longest_gap".to_owned()]).unwrap().into_iter().map(|m| m.spec.name).collect();
    assert_eq!(compiled, ["demos_activities", "demos_deals", "demos", "demos_longest_gap"]);
}

#[test]
fn a_component_of_deals_alone_has_no_share_of_activities() {
    let text = "[component.decisions]\ndeals = \"state = 'won'\"\ndeals_on = \"closed_on\"\n";
    let catalog = Catalog::with(&[], &own(text)).unwrap();
    let names: Vec<&str> = catalog.names().filter(|name| name.starts_with("decisions")).collect();
    assert_eq!(names, ["decisions", "decisions_regularity", "decisions_longest_gap", "decisions_weeks_since"]);
}

#[test]
fn one_of_the_same_name_takes_the_place_of_the_shipped_one_and_enabled_takes_it_away() {
    let catalog = Catalog::with(&[], &own("[component.learning]\nactivities = \"type = 'Course'\"\n")).unwrap();
    assert_eq!(catalog.spec("learning").unwrap().filter.text, "type = 'Course'");
    let count = |catalog: &Catalog| catalog.components().len();
    let shipped = Catalog::new(&[]).unwrap();
    assert_eq!(count(&catalog), count(&shipped));
    let without = Catalog::with(&[], &own("[component.learning]\nenabled = false\n")).unwrap();
    assert_eq!((count(&without), without.spec("learning_share").is_none()), (count(&shipped) - 1, true));
    let Aggregate::Window(window) = &without.spec("neglected").unwrap().value else { panic!("a window") };
    assert!(window.of.iter().all(|part| part.component != "learning") && window.of.len() == count(&without));
}

#[test]
fn what_is_wrong_with_a_component_is_said_where_it_stands() {
    let text = "[component.visits]\nactivites = \"kind = 'meeting'\"\n";
    let found = mistakes(text);
    assert_eq!(found[0], ("unknown key `activites` in [component.visits]".into(), 2, 1, "did you mean `activities`?".into()));
    assert_eq!((found[1].0.as_str(), found.len()), ("component `visits` lacks `activities`", 2));
    let found = mistakes("[component.visits]\ndeals = \"state = 'won'\"\n");
    assert_eq!((found[0].0.as_str(), found[0].1), ("component `visits` lacks `deals_on`, the date that puts a deal in a week", 1));
    let found = mistakes("[component.Visits]\nactivities = \"TRUE\"\nwho = \"rep\"\n");
    assert_eq!((found[0].0.as_str(), found[0].1), ("`Visits` is no name for a component", 1));
    assert_eq!(found[1].3, "did you mean \"reps\"?");
}

#[test]
fn a_predicate_that_cannot_be_is_refused_at_its_place() {
    let catalog = Catalog::with(&[], &own("[component.visits]\nactivities = \"kind = 'meeting' AND subjct = 'x'\"\n")).unwrap();
    let found = told(&catalog.compile(&["visits_regularity".to_owned()]).unwrap_err());
    // 14 characters stand before the predicate, and 21 of it before the column.
    assert_eq!((found.len(), found[0].1, found[0].2), (1, 2, 36), "{found:?}");
}

#[test]
fn a_name_is_of_one_measure_alone() {
    let found = told(&Catalog::with(&[], &own("\n[component.presentations]\nactivities = \"TRUE\"\n")).unwrap_err());
    assert_eq!((found[0].0.as_str(), found[0].1), ("the component `presentations` and a measure are both called `presentations`", 2));
    assert_eq!(found[0].3, "`presentations` is a measure that ships: give the component another name");
    let found = told(&Catalog::with(&[], &own("[component.neglected]\nactivities = \"TRUE\"\n")).unwrap_err());
    assert_eq!(found[0].3, "`neglected` is a measure that ships: give the component another name");
    let both =
        "[measure.demos_share]\nrole = \"lead\"\nfrom = \"activities\"\nvalue = \"count\"\n[component.demos]\nactivities = \"TRUE\"\n";
    let (measures, components) = read(both, FILE).unwrap();
    let found = told(&Catalog::with(&measures, &components).unwrap_err());
    assert_eq!((found.len(), found[0].1, found[0].3.as_str()), (1, 5, "give one of them another name"));
}

#[test]
fn a_measure_of_ones_own_wins_over_those_of_shipped_components() {
    let count =
        |name: &str| read(&format!("[measure.{name}]\nrole = \"lead\"\nfrom = \"activities\"\nvalue = \"count\"\n"), FILE).unwrap().0;
    let shipped = Catalog::new(&[]).unwrap();
    // The component's own count: all of it steps aside, and is said to.
    let catalog = Catalog::new(&count("learning")).unwrap();
    assert_eq!((catalog.spec("learning").unwrap().origin.file.as_str(), catalog.aside()), (FILE, &["learning".to_owned()][..]));
    assert_eq!((catalog.spec("learning_share"), catalog.components().len()), (None, shipped.components().len() - 1));
    // What is told of it, or of the whole: that alone.
    for name in ["learning_share", "neglected", "top_five_share", "deal_work_regularity"] {
        let catalog = Catalog::new(&count(name)).unwrap();
        assert_eq!(catalog.spec(name).unwrap().origin.file, FILE, "{name}");
        assert_eq!(catalog.names().filter(|known| *known == name).count(), 1, "{name}");
        assert_eq!((catalog.aside().len(), catalog.components().len()), (0, shipped.components().len()), "{name}");
    }
}
