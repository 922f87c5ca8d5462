//! Scores by weeks apart and curves over time, in cells and as charts.

use super::*;
use crate::document::{CurvePoint, Curves, ScoreLine, Scores};
use crate::render::example::{figures, verdicts};

#[test]
fn a_cell_of_scores_is_a_sparkline_of_its_numbers() {
    let mut table = verdicts();
    table.rows[1].cells[2] = bad(table.rows[1].cells[2].clone());
    let bytes = bytes(&Document { page: vec![Block::Table(table)], ..Document::default() });
    assert_sound(&bytes);
    let points = range(&bytes, "Sparklines");
    let row = |at: u32| (1..28).map(|column| points.get_value((at, column)).and_then(Data::get_float)).collect::<Vec<_>>();
    assert_eq!(row(0), crate::render::example::scores().into_iter().map(Some).collect::<Vec<_>>());
    assert_eq!(row(1).iter().position(Option::is_none), Some(20), "what is no number is an empty cell");
    assert_eq!(points.get_value((0, 0)), Some(&Data::String("new prospect meetings: 13 weeks before to 13 after".to_owned())));
    let sheet = parts(&bytes).into_iter().find(|(name, _)| name == "xl/worksheets/sheet1.xml").unwrap().1;
    assert_eq!(sheet.matches("<xm:sqref>").count(), 2);
    // 15 % above the highest score, and above 4 where all are lower.
    assert!(sheet.contains("manualMax=\"5.97") && sheet.contains("manualMax=\"4.6\""), "{sheet}");
    assert!(as_text(&bytes, &["Flash"]).contains('!'));
}

/// What the chart says of its series: for each reference in the order of the file the cells that it points at.
fn cells(bytes: &[u8], chart: &str) -> Vec<Vec<Data>> {
    let sheet = range(bytes, "Charts");
    let xml = parts(bytes).into_iter().find(|(name, _)| name.ends_with(chart)).unwrap().1;
    let tree = roxmltree::Document::parse(&xml).unwrap();
    let place = |place: &str| {
        let mut parts = place.trim_start_matches('$').split('$');
        let column = parts.next().unwrap().bytes().fold(0, |n, letter| n * 26 + u32::from(letter - b'A') + 1) - 1;
        (parts.next().unwrap().parse::<u32>().unwrap() - 1, column)
    };
    let cells = |reference: &str| {
        let (from, to) = reference.strip_prefix("Charts!").unwrap().split_once(':').unwrap_or((&reference[7..], &reference[7..]));
        let ((first, column), (last, _)) = (place(from), place(to));
        (first..=last).map(|row| sheet.get_value((row, column)).cloned().unwrap_or_default()).collect()
    };
    tree.descendants().filter(|node| node.tag_name().name() == "f").map(|node| cells(node.text().unwrap())).collect()
}

fn floats(cells: &[Data]) -> Vec<Option<f64>> {
    cells.iter().map(Data::get_float).collect()
}

#[test]
fn a_chart_of_scores_is_of_its_numbers() {
    let mut figure = figures().swap_remove(3);
    if let Figure::Scores(Scores { lines, .. }) = &mut figure {
        lines[1].values[0] = f64::NAN;
    }
    let bytes = bytes(&Document { figures: vec![figure], ..Document::default() });
    assert_sound(&bytes);
    let [name, weeks, values] = &cells(&bytes, "chart1.xml")[..] else { panic!("a name, weeks and values") };
    assert_eq!(name, &[Data::String("new prospect meetings → deals won".to_owned())]);
    assert_eq!(floats(weeks), (-13..=13).map(|week| Some(f64::from(week))).collect::<Vec<_>>());
    assert_eq!(floats(values), crate::render::example::scores().into_iter().map(Some).collect::<Vec<_>>());
    let second = cells(&bytes, "chart2.xml");
    assert_eq!(second[2][0], Data::String("—".to_owned()), "what is no number is none");
    assert_eq!(floats(&second[2])[1..], crate::render::example::noise().into_iter().skip(1).map(Some).collect::<Vec<_>>());
    let chart = |name: &str| parts(&bytes).into_iter().find(|(part, _)| part.ends_with(name)).unwrap().1;
    let (first, second) = (chart("chart1.xml"), chart("chart2.xml"));
    assert!(first.contains("new prospect meetings → deals won: leads; 6 weeks (5–7)"), "{first}");
    assert!(second.contains("presentations → deals won: no lead shown<"), "{second}");
    // One scale for both, from below the lowest score to above the highest.
    for chart in [&first, &second] {
        assert!(chart.contains(r#"<c:max val="6"/><c:min val="-2"/>"#), "{chart}");
    }
    assert_eq!(first.matches("7C3AED").count(), 3, "weeks 5, 6 and 7");
    let text = as_text(&bytes, &["Charts"]);
    assert!(text.contains("lead time, weeks|6|—") && text.contains("verdict|leads|no lead shown"), "{text}");
}

#[test]
fn many_pairs_and_any_scores_are_drawn() {
    let Figure::Scores(scores) = figures().swap_remove(3) else { panic!("scores") };
    let many = Scores { lines: scores.lines.iter().cycle().take(40).cloned().collect(), ..scores.clone() };
    let drawn = bytes(&Document { figures: vec![Figure::Scores(many)], ..Document::default() });
    assert_sound(&drawn);
    assert_eq!(cells(&drawn, "chart40.xml"), cells(&drawn, "chart2.xml"), "the last of 40 has numbers of its own");
    for (max_lag, values) in
        [(0, vec![]), (usize::MAX, vec![f64::NAN; 2]), (0, vec![1.0; 27]), (5, vec![f64::INFINITY, f64::MAX, f64::MIN])]
    {
        let line = ScoreLine { values, weeks: Some((usize::MAX, 0, usize::MAX)), ..scores.lines[0].clone() };
        let odd = Scores { max_lag, lines: vec![line], ..scores.clone() };
        assert_sound(&bytes(&Document { figures: vec![Figure::Scores(odd)], ..Document::default() }));
    }
}

#[test]
fn a_chart_of_curves_goes_from_corner_to_corner() {
    let Figure::Curves(mut curves) = figures().swap_remove(4) else { panic!("curves") };
    let point = |at: f64, share: f64| CurvePoint { at, share, lo: share - 0.1, hi: share + 0.1 };
    curves.lines[1].points = vec![point(3.0, 0.25), CurvePoint { lo: f64::NAN, ..point(7.0, 0.5) }];
    let bytes = bytes(&Document { figures: vec![Figure::Curves(curves.clone())], ..Document::default() });
    assert_sound(&bytes);
    let series = cells(&bytes, "chart1.xml");
    // Three series of each curve, each of a name, times and shares; those of the second curve begin with the fourth.
    let [_, _, _, _, _, _, _, _, _, name, times, shares, _, _, lows, _, _, highs] = &series[..] else { panic!("{series:?}") };
    assert_eq!(name, &[Data::String("first met in 2026".to_owned())]);
    assert_eq!(floats(times), [0.0, 3.0, 3.0, 7.0, 7.0, 22.0].map(Some));
    assert_eq!(floats(shares), [0.0, 0.0, 0.25, 0.25, 0.5, 0.5].map(Some));
    assert_eq!(floats(lows), [None, None, Some(0.15), Some(0.15), None, None]);
    assert_eq!(floats(highs), [None, None, Some(0.35), Some(0.35), None, None]);
    let text = as_text(&bytes, &["Charts"]);
    assert!(text.contains("weeks after the first meeting|4|from|to|13|from|to|26|from|to|52|from|to"), "{text}");
    assert!(text.contains("first met in 2026|0.25|0.15|0.35|0.5|—|—|—|—|—|—|—|—"), "{text}");
    for (at, until) in [(f64::NAN, f64::NAN), (f64::INFINITY, 1.0), (-1.0, -1.0), (f64::MAX, 0.0), (1e-300, 1e-300)] {
        let mut odd = curves.clone();
        odd.lines[0].points[0] = CurvePoint { at, share: at, lo: at, hi: until };
        odd.lines[1].until = until;
        odd.lines[1].points.clear();
        assert_sound(&self::bytes(&Document { figures: vec![Figure::Curves(odd)], ..Document::default() }));
    }
    let none = Curves { lines: Vec::new(), ..curves };
    assert_sound(&self::bytes(&Document { figures: vec![Figure::Curves(none)], ..Document::default() }));
}
