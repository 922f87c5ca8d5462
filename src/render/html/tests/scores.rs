//! Scores by weeks apart, in cells and as a figure, and curves.

use super::*;
use crate::document::{CurveLine, CurvePoint, Curves, ScoreLine, Scores};
use crate::render::example::{scores, verdicts};

#[test]
fn a_cell_of_scores_has_a_bar_for_each_week_and_says_its_numbers() {
    let html = Html::parse_document(&page(&of(vec![Block::Table(verdicts())])));
    let charts = all(&html, "td svg.spark");
    assert_eq!(charts.len(), 2);
    let bars = |at: usize, class: &str| -> usize {
        charts[at]
            .select(&Selector::parse(&format!("path.{class}")).unwrap())
            .map(|path| path.attr("d").unwrap().matches('M').count())
            .sum()
    };
    assert_eq!([bars(0, "before"), bars(0, "same"), bars(0, "after")], [13, 1, 13]);
    assert_eq!([bars(1, "before"), bars(1, "same"), bars(1, "after")], [13, 1, 12], "what is no number is a gap");
    let said: String = charts[0].text().collect();
    assert_eq!(
        said,
        "same week 0.7; lead 1 week ahead and more 0.9, 1.4, 2.2, 3.6, 4.9, 5.2, 4.1, 2.8, 1.1, 0.2, -0.4, 0.6, -0.8; lag 1 week ahead and \
         more 0.5, -0.3, 0.8, 0.2, -0.5, 0.6, -0.2, 0.3, -1.2, 0.9, 0.1, -0.7, 0.4"
    );
}

#[test]
fn a_cell_of_any_scores_is_drawn() {
    for values in [vec![], vec![f64::NAN], vec![f64::INFINITY, f64::NEG_INFINITY], vec![f64::MAX, f64::MIN, 5e-324], scores()] {
        let mut table = verdicts();
        table.rows[0].cells[2].content = Content::Scores(values.clone());
        let page = page(&of(vec![Block::Table(table)]));
        well_formed(&page);
        let html = Html::parse_document(&page);
        assert_eq!(all(&html, "td svg.spark").len(), 1 + usize::from(!values.is_empty()));
        assert!(!page.contains("NaN") && !page.contains("inf"), "{page}");
    }
}

fn drawn(figure: Figure) -> Document {
    Document { figures: vec![figure], ..Document::default() }
}

/// The bars of a class in a panel: the middle of each, where it begins and where it ends.
fn bars(panel: ElementRef<'_>, class: &str) -> Vec<(f64, f64, f64)> {
    let selector = Selector::parse(&format!(".bars .{class}")).unwrap();
    let Some(path) = panel.select(&selector).next() else { return Vec::new() };
    let bar = |bar: &str| {
        let (x, rest) = bar.split_once(' ').unwrap();
        let (from, to) = rest.split_once('V').unwrap();
        (x.parse().unwrap(), from.parse().unwrap(), to.parse().unwrap())
    };
    path.attr("d").unwrap().split('M').skip(1).map(bar).collect()
}

#[test]
fn a_panel_shows_each_week_apart_and_when_the_lead_shows() {
    let html = Html::parse_document(&page(&drawn(figures().swap_remove(3))));
    let panels = all(&html, ".scores > li");
    assert_eq!(panels.len(), 2);
    let (before, after) = (bars(panels[0], "before"), bars(panels[0], "after"));
    assert_eq!([before.len(), bars(panels[0], "same").len(), after.len()], [13, 1, 13]);
    let highest = after.iter().min_by(|one, other| one.1.total_cmp(&other.1)).unwrap();
    let line: f64 = all(&html, "path.due")[0].attr("d").unwrap()[1..].split(' ').next().unwrap().parse().unwrap();
    assert!((highest.0 - line).abs() < 0.15, "the line stands at the sixth week: {} and {line}", highest.0);
    assert_eq!(highest, &after[5]);
    // -1.2 nine weeks before hangs below zero, 0.9 ten weeks before stands on it.
    let zero = before[3].2;
    assert!(before[4].1 >= zero && before[4].2 > zero && before[3].1 < zero, "{before:?}");
    // Both panels are on one scale: the same score of the same week is as high.
    assert_eq!(bars(panels[1], "same")[0].1.to_bits(), bars(panels[0], "same")[0].1.to_bits());
    let range = &all(&html, "rect.range")[0];
    let of = |name: &str| range.attr(name).unwrap().parse::<f64>().unwrap();
    let slot = after[1].0 - after[0].0;
    assert!((of("width") - 3.0 * slot).abs() < 0.2 && of("x") < after[4].0 && of("x") > after[3].0, "weeks 5 to 7");
    assert_eq!(all(&html, "text.due")[0].text().collect::<String>(), "6 weeks (5–7)");
    let ticks: Vec<String> = all(&html, ".scores > li:first-child .tick").iter().map(|tick| tick.text().collect()).collect();
    assert_eq!(ticks, ["6", "0", "−13", "−6", "0", "6", "13"]);
    let said: Vec<String> = panels.iter().map(|panel| seen(*panel)).collect();
    assert_eq!(said, ["newprospectmeetings→dealswonleads", "presentations→dealswonnoleadshown"]);
    assert_eq!(all(&html, ".scores > .found").len(), 1);
}

#[test]
fn the_numbers_of_scores_are_in_their_table() {
    let html = Html::parse_document(&page(&drawn(figures().swap_remove(3))));
    let row = |at: usize| all(&html, "details tbody tr")[at].children().filter_map(ElementRef::wrap).map(seen).collect::<Vec<_>>();
    assert_eq!(row(0)[..5], ["newprospectmeetings→dealswon", "0.4", "−0.7", "0.1", "0.9"]);
    assert_eq!(
        (row(0)[14].as_str(), row(0)[20].as_str(), &row(0)[28..]),
        ("0.7", "5.2", &["6weeks(5–7)".to_owned(), "leads".to_owned()][..])
    );
    assert_eq!(row(1)[28..], ["—", "noleadshown"]);
}

#[test]
fn low_scores_look_low() {
    let line = |values: Vec<f64>| ScoreLine {
        lead: "a".to_owned(),
        lag: "b".to_owned(),
        verdict: "no lead shown".to_owned(),
        found: false,
        values,
        weeks: None,
    };
    let figure = |lines| Scores { title: "t".to_owned(), says: String::new(), max_lag: 1, lines };
    let html = Html::parse_document(&page(&drawn(Figure::Scores(figure(vec![line(vec![0.5, 0.5, 1.0])])))));
    let bar = bars(all(&html, ".scores > li")[0], "after")[0];
    // A quarter of the 80 pixels that reach to 4.
    assert_eq!((bar.1, bar.2), (76.0, 96.0));
    assert_eq!(bars(all(&html, ".scores > li")[0], "before").len(), 1);
    for (max_lag, values) in
        [(0, vec![]), (usize::MAX, vec![f64::NAN; 2]), (0, vec![1.0; 27]), (5, vec![f64::INFINITY, f64::MAX, f64::MIN]), (13, vec![-2.0])]
    {
        let mut found = line(values.clone());
        (found.weeks, found.found) = (Some((usize::MAX, 0, usize::MAX)), true);
        let page = page(&drawn(Figure::Scores(Scores { max_lag, ..figure(vec![found, line(values)]) })));
        well_formed(&page);
        assert!(!page.contains("NaN") && !page.contains("inf "), "{page}");
        proper_tables(&Html::parse_document(&page));
    }
    assert!(!page(&drawn(Figure::Scores(figure(Vec::new())))).contains("<svg"));
}

#[test]
fn a_curve_steps_at_its_times_and_says_what_it_comes_to() {
    let point = |at: f64, share: f64| CurvePoint { at, share, lo: share - 0.05, hi: share + 0.05 };
    let curves = Curves {
        title: "From first meeting to win".to_owned(),
        says: "The share that has bought.".to_owned(),
        axis: "weeks".to_owned(),
        lines: vec![
            CurveLine { says: "all".to_owned(), points: vec![point(10.0, 0.1), point(26.0, 0.4)], until: 58.2 },
            CurveLine { says: "young".to_owned(), points: vec![point(5.0, 0.2)], until: 20.0 },
        ],
    };
    let html = Html::parse_document(&page(&drawn(Figure::Curves(curves.clone()))));
    // 582 pixels from 44 on are 58.2 weeks, and 220 pixels up from 230 are 50 %.
    let paths: Vec<&str> = all(&html, ".curve").iter().map(|path| path.attr("d").unwrap()).collect();
    assert_eq!(paths, ["M44 230H144V186H304V54H626", "M44 230H94V142H244"]);
    assert_eq!(all(&html, ".band")[1].attr("d"), Some("M94 230H94V120H244V164H94Z"));
    let rows: Vec<Vec<String>> =
        all(&html, "table.curves tr").iter().map(|row| row.children().filter_map(ElementRef::wrap).map(seen).collect()).collect();
    assert_eq!(rows[0], ["", "4", "13", "26", "52"]);
    assert_eq!(rows[1], ["all", "0%", "10%(5–15%)", "40%(35–45%)", "40%(35–45%)"]);
    assert_eq!(rows[2], ["young", "0%", "20%(15–25%)", "—", "—"], "it does not go on after its end");
    let ticks: Vec<String> = all(&html, "svg .tick").iter().map(|tick| tick.text().collect()).collect();
    assert_eq!(ticks, ["0 %", "10 %", "20 %", "30 %", "40 %", "50 %", "0", "4", "13", "26", "52", "weeks"]);
    for (at, until) in [(f64::NAN, f64::NAN), (f64::INFINITY, 1.0), (-1.0, -1.0), (f64::MAX, 0.0), (1e-300, 1e-300)] {
        let mut odd = curves.clone();
        odd.lines[0].points[0] = CurvePoint { at, share: at, lo: at, hi: until };
        odd.lines[1] = CurveLine { says: String::new(), points: Vec::new(), until };
        let page = page(&drawn(Figure::Curves(odd)));
        well_formed(&page);
        assert!(!page.contains("NaN"), "{page}");
        proper_tables(&Html::parse_document(&page));
    }
    assert!(!page(&drawn(Figure::Curves(Curves { lines: Vec::new(), ..curves }))).contains("<svg"));
}
