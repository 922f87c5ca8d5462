#![allow(clippy::unwrap_used, clippy::expect_used)]

mod scores;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use scraper::{ElementRef, Html, Selector};

use super::*;
use crate::calendar::Day;
use crate::document::{Cell, Content, Course, Grid, GridCell, Heat, HeatCell, HeatGroup, HeatRow, LeadTime, Multiples, Panel, Tone};
use crate::render::example::{alone, bad, count, dec, document, figures, note, words};
use crate::render::terminal;
use crate::unit::{Value, Why};

fn page(document: &Document) -> String {
    String::from_utf8(render(document, &Style::default()).unwrap()).unwrap()
}

fn of(page: Vec<Block>) -> Document {
    Document { page, ..Document::default() }
}

fn all<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

/// The text that is seen, without white space: that of tables is layout.
fn seen(element: ElementRef<'_>) -> String {
    let mut out = String::new();
    for child in element.children() {
        if let Some(text) = child.value().as_text() {
            out.extend(text.chars().filter(|c| !c.is_whitespace()));
        } else if let Some(inner) = ElementRef::wrap(child)
            && inner.value().name() != "svg"
            && !inner.value().classes().any(|class| class == "unseen")
        {
            out.push_str(&seen(inner));
        }
    }
    out
}

fn well_formed(page: &str) {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
    if let Err(problem) = roxmltree::Document::parse_with_options(page, options) {
        panic!("{problem}: {page}");
    }
}

/// The names of all elements and attributes of a page.
fn names(html: &Html) -> BTreeSet<String> {
    let elements = all(html, "*");
    elements.iter().flat_map(|e| e.value().attrs().map(|(name, _)| format!("@{name}")).chain([e.value().name().to_owned()])).collect()
}

/// What every table must be: named, its header cells with scopes, each row as wide as the others.
fn proper_tables(html: &Html) {
    for table in all(html, "table") {
        let caption = table.select(&Selector::parse("caption").unwrap()).next().expect("a caption");
        assert!(!caption.text().collect::<String>().trim().is_empty());
        let mut widths = Vec::new();
        for row in table.select(&Selector::parse("tr").unwrap()) {
            let cells: Vec<ElementRef<'_>> = row.children().filter_map(ElementRef::wrap).collect();
            widths.push(cells.iter().map(|cell| cell.attr("colspan").map_or(1, |n| n.parse::<usize>().unwrap())).sum::<usize>());
            for cell in cells.iter().filter(|cell| cell.value().name() == "th") {
                assert!(["col", "colgroup", "row"].contains(&cell.attr("scope").unwrap()));
                assert!(!cell.text().collect::<String>().trim().is_empty(), "a heading without words");
            }
        }
        widths.dedup();
        assert_eq!(widths.len(), 1, "{}", table.html());
    }
}

/// The example with as many people, among them one whose name is written from right to left and one whose name is long, and with the
/// figures of three leads.
fn team_of(people: usize) -> Document {
    let mut large = document();
    let named = |at: usize| match at {
        3 => "محمد العلي".to_owned(),
        5 => "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh y Villanueva de la Cañada".to_owned(),
        _ => format!("{} {}", ["Ana", "Dev", "Mia", "Tomás", "Zoë"][at % 5], ["Silva", "Rao", "O'Dell"][at % 3]),
    };
    let names: Vec<String> = (0..people).map(named).collect();
    for block in &mut large.page {
        if let Block::Table(table) = block {
            let rows = table.rows.split_off(1);
            for (name, row) in names.iter().zip(rows.iter().cycle()) {
                let mut row = row.clone();
                row.cells[0].content = Content::Text(name.clone());
                table.rows.push(row);
            }
        }
    }
    for figure in &mut large.figures {
        match figure {
            Figure::Course(course) => course.lines.insert(1, course.lines[0].clone()),
            Figure::Multiples(Multiples { panels, .. }) => {
                for panel in panels.iter_mut() {
                    panel.lines.insert(1, panel.lines[0].clone());
                }
                let two = panels.clone();
                *panels = names.iter().zip(two.iter().cycle()).map(|(name, panel)| Panel { name: name.clone(), ..panel.clone() }).collect();
            }
            Figure::Heat(Heat { groups, .. }) => {
                let two = groups[0].rows.clone();
                let rows =
                    || names.iter().zip(two.iter().cycle()).map(|(name, row)| HeatRow { name: name.clone(), ..row.clone() }).collect();
                let titles = ["new prospect meetings", "presentations", "client hours"];
                *groups = titles.map(|title| HeatGroup { title: title.to_owned(), rows: rows() }).into();
            }
            Figure::Scores(scores) => scores.lines = scores.lines.iter().cycle().take(12).cloned().collect(),
            Figure::Curves(curves) => curves.lines.push(curves.lines[0].clone()),
        }
    }
    large
}

#[test]
fn the_whole_page() {
    insta::assert_binary_snapshot!("example.html", page(&document()).into_bytes());
}

#[test]
fn each_page_is_html_and_well_formed_xml() {
    let table = document().page.swap_remove(2);
    let beside = of(vec![Block::Banner { left: "one".to_owned(), right: String::new() }, table]);
    for document in [document(), team_of(60), Document::default(), beside] {
        let page = page(&document);
        well_formed(&page);
        let html = Html::parse_document(&page);
        assert_eq!(all(&html, "h1").len(), usize::from(!document.title.is_empty() || !document.page.is_empty()).max(1));
        proper_tables(&html);
        let ids: Vec<&str> = all(&html, "[id]").iter().map(|e| e.attr("id").unwrap()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
        for named in all(&html, "[aria-labelledby]") {
            assert!(named.attr("aria-labelledby").unwrap().split(' ').all(|id| ids.contains(&id)));
        }
        for drawing in all(&html, "svg[role=img]") {
            assert!(drawing.select(&Selector::parse("title").unwrap()).next().is_some_and(|title| title.text().next().is_some()));
        }
    }
}

#[test]
fn rows_say_what_the_terminal_says() {
    let lines = String::from_utf8(terminal::render(&document(), &Style { width: 400, ..Style::default() }).unwrap()).unwrap();
    let spark = |c: char| ('\u{2581}'..='\u{2588}').contains(&c) || c.is_whitespace();
    let lines: Vec<String> = lines.lines().map(|line| line.replace(spark, "")).collect();
    let html = Html::parse_document(&page(&document()));
    let rows = all(&html, ".block tbody tr");
    assert_eq!(rows.len(), 4);
    for row in rows.into_iter().chain(all(&html, "dl > div")) {
        assert!(lines.contains(&seen(row)), "{} is not in {lines:#?}", seen(row));
    }
    let heads: Vec<String> = all(&html, ".block thead th[scope=col]").into_iter().map(|th| th.text().collect()).collect();
    let expected = [
        "new prospect meetings",
        "last 13 weeks",
        "presentations",
        "client hours",
        "for W47",
        "revenue, k$ (31 of 63 days)",
        "profit, k$",
        "state",
    ];
    assert_eq!(heads, expected);
    let groups: Vec<String> = all(&html, ".block thead th[scope=colgroup]").into_iter().map(|th| th.text().collect()).collect();
    assert_eq!(groups, ["LEAD  held in W46 / target", "BOOKED", "LAG  quarter so far / pace"]);
}

#[test]
fn a_state_is_set_off_and_a_name_that_reads_like_one_is_not() {
    let html = Html::parse_document(&page(&document()));
    let states: Vec<String> = all(&html, ".state.building").into_iter().map(seen).collect();
    assert_eq!(states, ["BUILDING", "BUILDING"]);
    assert_eq!(all(&html, ".state").len(), 2, "the document judges nobody else");
}

#[test]
fn a_missing_value_says_why() {
    let html = Html::parse_document(&page(&document()));
    let missing: Vec<(&str, String)> =
        all(&html, ".block .missing").into_iter().map(|m| (m.attr("title").unwrap(), m.text().collect())).collect();
    assert_eq!(missing, [Why::TooFew, Why::NoData].map(|why| (why.says(), format!("— {}", why.says()))));
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    let page = page(&team_of(12));
    for from_elsewhere in
        ["http:", "https:", "//", "url(", "@import", "src=", "href=", "javascript", "<script", "<link", "<iframe", "<form"]
    {
        assert!(!page.contains(from_elsewhere), "{from_elsewhere}");
    }
    let html = Html::parse_document(&page);
    let policy = all(&html, "meta[http-equiv=Content-Security-Policy]");
    assert!(policy[0].attr("content").unwrap().starts_with("default-src 'none'; style-src 'unsafe-inline'; img-src data:"));
    assert!(names(&html).iter().all(|name| !name.starts_with("@on")));
}

#[test]
fn a_page_for_sixty_people_can_be_mailed() {
    let mut report = team_of(60);
    report.figures.retain(|figure| !matches!(figure, Figure::Scores(_) | Figure::Curves(_)));
    let page = page(&report);
    assert!(page.len() < 200_000, "{} bytes", page.len());
    let html = Html::parse_document(&page);
    assert_eq!(all(&html, ".panels > li").len(), 60);
    let long = all(&html, ".who[title]");
    assert_eq!(long.len(), 1);
    assert!(long[0].attr("title").unwrap().starts_with("Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh y Villanueva"));
}

#[test]
fn a_very_long_name_is_clipped_wherever_it_stands() {
    let name = "Wolfeschlegelsteinhausen".repeat(400);
    let page = page(&with_text(&name));
    let html = Html::parse_document(&page);
    let names: Vec<_> = all(&html, ".block tbody th").into_iter().chain(all(&html, ".heat tbody th")).chain(all(&html, ".who")).collect();
    assert!(names.len() > 4);
    for clipped in names.into_iter().filter(|name| seen(*name).starts_with("Wolf")) {
        let title = clipped.attr("title").unwrap();
        assert!(seen(clipped).chars().count() <= 80 + 28 && seen(clipped).contains('…'), "{}", seen(clipped));
        assert!(title.chars().count() == 500 && title.ends_with('…'), "{title}");
    }
}

/// What stands in notes may be a path without a space: it breaks where it must, and does not widen a narrow screen.
#[test]
fn words_in_notes_break_where_they_must() {
    let css = include_str!("style.css");
    assert!(css.contains("\np > span, dd > span { max-width: 100%; overflow-wrap: anywhere; }\n"));
}

/// The example's figures, the course with another lead time.
fn with_lead(periods: usize) -> Document {
    let mut figures = figures();
    if let Figure::Course(Course { lead_time, .. }) = &mut figures[0] {
        *lead_time = Some(LeadTime { periods, says: "so long".to_owned() });
    }
    Document { figures, ..Document::default() }
}

/// From where to where the arrow of the lead time goes.
fn arrow(document: &Document) -> (f64, f64) {
    let page = page(document);
    let html = Html::parse_document(&page);
    let path = all(&html, ".arrow")[0].attr("d").unwrap().to_owned();
    let (start, rest) = path.strip_prefix('M').unwrap().split_once(' ').unwrap();
    let (_, end) = rest.split_once('H').unwrap();
    (start.parse().unwrap(), end.split('M').next().unwrap().parse().unwrap())
}

#[test]
fn the_course_shows_gaps_what_is_not_complete_and_how_long_results_take() {
    let html = Html::parse_document(&page(&document()));
    let bars = |role: &str| all(&html, &format!(".drawing .{role} rect"));
    // The first revenue is missing, and a zero is none.
    assert_eq!((bars("lead").len(), bars("lag").len()), (13, 12));
    let open: Vec<String> = all(&html, ".drawing rect.open").iter().map(|bar| bar.text().collect()).collect();
    assert_eq!(open, ["2026-W46: 2/8, not complete", "2026-W46: 0, not complete"]);
    let (start, end) = arrow(&with_lead(9));
    let first: f64 = bars("lead")[10].attr("x").unwrap().parse().unwrap();
    let next: f64 = bars("lead")[11].attr("x").unwrap().parse().unwrap();
    let slot = next - first;
    assert!((end - start - 9.0 * slot).abs() < 1.0, "{start} to {end}, a period is {slot}");
    assert!(start > next && start < next + slot, "it begins in the last complete period");
    for beyond in [1_000_000_000, usize::MAX, 0] {
        let (start, end) = arrow(&with_lead(beyond));
        assert!(end >= start && end <= 800.0, "{beyond}: {start} to {end}");
    }
}

#[test]
fn the_numbers_of_a_course_are_in_its_table() {
    let html = Html::parse_document(&page(&document()));
    let rows: Vec<Vec<String>> =
        all(&html, ".course details tbody tr").iter().map(|row| row.children().filter_map(ElementRef::wrap).map(seen).collect()).collect();
    assert_eq!(rows.len(), 13);
    assert_eq!(rows[0], ["2026-W34", "8/8", "—"]);
    assert_eq!(rows[5], ["2026-W39", "6/8", "118"]);
    assert_eq!(
        all(&html, ".few li title")[1].text().collect::<String>(),
        "Dev Rao: new prospect meetings 5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0, 0, 0; revenue, USD —, 9000, 9000, 9000, 9000, 9000, 9000, 9000, 9000, 9000, 9000, 9000, 9000"
    );
}

#[test]
fn a_shade_is_the_share_that_was_reached() {
    let of = |share: f64| HeatCell { value: count("3"), against: Some(count("4")), share: Some(share) };
    let mut cells: Vec<HeatCell> = [0.0, -1.0, 0.1, 0.25, 0.5, 0.75, 0.999, 1.0, 1.25, f64::INFINITY, f64::NAN].map(of).into();
    cells.push(HeatCell { value: count("3"), against: None, share: None });
    cells.push(HeatCell { value: Value::Missing(Why::NoData), against: None, share: Some(1.0) });
    let columns = (0..cells.len()).map(|at| format!("2026-W{}", at + 10)).collect();
    let groups = vec![HeatGroup { title: "kept".to_owned(), rows: vec![HeatRow { name: "Ana".to_owned(), cells }] }];
    let heat = Heat { title: "Heat".to_owned(), says: String::new(), groups, columns };
    let html = Html::parse_document(&page(&Document { figures: vec![Figure::Heat(heat)], ..Document::default() }));
    let shades: Vec<&str> = all(&html, ".heat tbody td:not(.of)").iter().map(|td| td.attr("class").unwrap_or("")).collect();
    assert_eq!(shades, ["h0", "h0", "h1", "h2", "h3", "h4", "h4", "h5", "h6", "h6", "", "", ""]);
    assert_eq!(seen(all(&html, ".heat td.of")[0]), "4");
    assert_eq!(all(&html, ".heat td:last-child")[0].attr("title"), Some(Why::NoData.says()));
    assert_eq!(all(&html, ".heat thead th:last-child")[0].attr("title"), Some("2026-W22"));
}

#[test]
fn what_most_of_a_row_is_held_against_is_said_once() {
    let cell = |against: &str| HeatCell { value: count("3"), against: Some(count(against)), share: Some(0.5) };
    let rows = vec![HeatRow { name: "Ana".to_owned(), cells: ["3.2", "4", "4", "3.2", "4"].map(cell).into() }];
    let heat = Heat {
        title: "Heat".to_owned(),
        says: String::new(),
        groups: vec![HeatGroup { title: "kept".to_owned(), rows }],
        columns: ["1", "2", "3", "4", "5"].map(str::to_owned).into(),
    };
    let html = Html::parse_document(&page(&Document { figures: vec![Figure::Heat(heat)], ..Document::default() }));
    let cells: Vec<(String, Option<&str>)> = all(&html, ".heat tbody td").into_iter().map(|td| (seen(td), td.attr("title"))).collect();
    let three = |title| ("3".to_owned(), title);
    assert_eq!(cells, [("4".to_owned(), None), three(Some("of 3.2")), three(None), three(None), three(Some("of 3.2")), three(None)]);
}

#[test]
fn rows_without_a_page_are_a_table() {
    let rows = vec![
        vec![Some(GridCell::Text("<b>Ana</b>".to_owned())), Some(GridCell::Number(dec("12.50"))), Some(GridCell::Day(Day(0)))],
        vec![None],
    ];
    let grid = Grid { name: "refused", columns: vec!["owner", "amount", "day"], rows, about: serde_json::Map::new() };
    let document = Document { title: "What was understood".to_owned(), grid: Some(grid), ..Document::default() };
    let html = Html::parse_document(&page(&document));
    proper_tables(&html);
    let cells: Vec<String> = all(&html, "td").into_iter().map(seen).collect();
    assert_eq!(cells, ["<b>Ana</b>", "12.50", "1970-01-01", "", "", ""]);
    let both = Document { page: vec![Block::Notes(vec![note("", Tone::Plain, &["a page"])])], ..document };
    assert!(!page(&both).contains("<table"), "a page says it all");
}

#[test]
fn a_title_that_stands_above_a_table_is_not_said_twice() {
    let captions = |line: &str| {
        let mut page = vec![Block::Notes(vec![note("", Tone::Strong, &[line])])];
        page.extend(document().page.into_iter().filter(|block| matches!(block, Block::Table(_))));
        let html = Html::parse_document(&self::page(&of(page)));
        (all(&html, "caption").len(), all(&html, "caption.unseen").len())
    };
    assert_eq!(captions("Leads and lags, W46"), (1, 1));
    assert_eq!(captions("Leads"), (1, 0));
}

#[test]
fn a_later_banner_begins_a_part() {
    let banner = |left: &str| Block::Banner { left: left.to_owned(), right: String::new() };
    let first = Block::Notes(vec![note("", Tone::Bad, &["This is not the last week."])]);
    let html = Html::parse_document(&page(&of(vec![first, banner("one"), banner("two"), banner("three")])));
    assert_eq!(seen(all(&html, "header > p")[0]), "Thisisnotthelastweek.");
    assert_eq!(seen(all(&html, "header h1")[0]), "one");
    assert_eq!(all(&html, "main section h2").into_iter().map(seen).collect::<Vec<_>>(), ["two", "three"]);
    let html = Html::parse_document(&page(&of(crate::render::example::section())));
    assert_eq!(seen(all(&html, "main section h2")[0]), "Pipeline");
    assert_eq!(all(&html, "main section table").len(), 1);
}

/// The relative luminance of a color and the contrast of two, by WCAG 2.2.
fn contrast(one: &str, other: &str) -> f64 {
    let luminance = |color: &str| {
        let part = |at: usize| {
            let c = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_text_has_contrast_in_both_schemes() {
    let css = include_str!("style.css");
    let (light, dark) = css.split_once("@media (prefers-color-scheme: dark)").unwrap();
    let pairs: &[(&str, &[&str])] = &[
        ("paper", &["ink", "soft", "lead", "lag", "mark", "fine", "due"]),
        ("tint", &["ink", "soft", "mark", "due"]),
        ("winning", &["winning-ink"]),
        ("building", &["building-ink"]),
        ("coasting", &["coasting-ink"]),
        ("behind", &["behind-ink"]),
        ("h0", &["dark"]),
        ("h1", &["dark"]),
        ("h2", &["dark"]),
        ("h3", &["dark"]),
        ("h4", &["dark"]),
        ("h5", &["light"]),
        ("h6", &["light"]),
    ];
    for scheme in [light, dark] {
        let color = |name: &str| scheme.split_once(&format!("--{name}: ")).unwrap().1.get(..7).unwrap().to_owned();
        for (ground, texts) in pairs {
            for text in *texts {
                let found = contrast(&color(text), &color(ground));
                assert!(found >= 4.5, "{text} on {ground}: {found:.2}");
            }
        }
    }
}

/// The example with this text wherever text of the exports can stand.
fn with_text(text: &str) -> Document {
    let own = || text.to_owned();
    let mut document = team_of(2);
    document.title = own();
    document.states[0].state = own();
    for block in &mut document.page {
        match block {
            Block::Banner { left, right } => (*left, *right) = (own(), own()),
            Block::Heading(_, title) => *title = own(),
            Block::Notes(notes) => notes.iter_mut().for_each(|note| (note.label, note.parts) = (own(), vec![own(), own()])),
            Block::Table(table) => {
                table.title = own();
                table.groups.iter_mut().for_each(|(title, _)| *title = own());
                table.columns.iter_mut().for_each(|column| column.heading = vec![own(), own()]);
                table.rows[1].cells = vec![words(text), bad(words(text)), alone(Value::Text(own())), Cell::default()];
            }
        }
    }
    for figure in &mut document.figures {
        let moments = match figure {
            Figure::Course(course) => {
                (course.title, course.says) = (own(), own());
                course.lead_time = Some(LeadTime { periods: 2, says: own() });
                course.lines.iter_mut().for_each(|line| line.says = own());
                &mut course.periods
            }
            Figure::Multiples(multiples) => {
                (multiples.title, multiples.says) = (own(), own());
                for panel in &mut multiples.panels {
                    (panel.name, panel.team) = (own(), own());
                    panel.lines.iter_mut().for_each(|line| line.says = own());
                }
                &mut multiples.periods
            }
            Figure::Heat(heat) => {
                (heat.title, heat.says, heat.columns) = (own(), own(), vec![own(); 13]);
                for group in &mut heat.groups {
                    group.title = own();
                    group.rows.iter_mut().for_each(|row| row.name = own());
                }
                continue;
            }
            Figure::Scores(scores) => {
                (scores.title, scores.says) = (own(), own());
                scores.lines.iter_mut().for_each(|line| (line.lead, line.lag, line.verdict) = (own(), own(), own()));
                continue;
            }
            Figure::Curves(curves) => {
                (curves.title, curves.says, curves.axis) = (own(), own(), own());
                curves.lines.iter_mut().for_each(|line| line.says = own());
                continue;
            }
        };
        for moment in moments {
            moment.name = own();
        }
    }
    document
}

/// The elements and attributes of a page whose names do no harm, long ones among them.
static HARMLESS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let long = "Ana Silva-Rao, very long: a name that is longer than any column has room for";
    names(&Html::parse_document(&page(&with_text(long))))
});

/// Text stays text: the page has no element and no attribute that a harmless one lacks, and shows what the terminal shows.
fn stays_text(text: &str) {
    let page = page(&with_text(text));
    well_formed(&page);
    assert!(!page.contains(|c| c != '\n' && crate::render::text::unseen(c)), "{text:?}");
    let html = Html::parse_document(&page);
    assert!(names(&html).is_subset(&HARMLESS), "{:?} by {text:?}", names(&html).difference(&HARMLESS).collect::<Vec<_>>());
    let shown = crate::render::text::line(text, false);
    if !shown.is_empty() && !text.contains(['\u{fffe}', '\u{ffff}']) {
        let name: String = all(&html, "h1 bdi")[0].text().collect();
        // A parser of HTML drops a line feed nowhere here, so the text is the very one.
        assert_eq!(name, shown);
    }
}

#[test]
fn hostile_names_stay_text() {
    let hostile = [
        "<script>alert(1)</script>",
        "\" onload=\"alert(1)",
        "' onmouseover='alert(1)' x='",
        "</style><script>alert(1)</script>",
        "</title></caption></td></table><img src=x onerror=alert(1)>",
        "-->",
        "<!--",
        "]]>",
        "<![CDATA[",
        "<?xml version='1.0'?>",
        "&amp;&lt;&#60;&#x3c;script>",
        "javascript:alert(1)",
        "=HYPERLINK(\"http://example.org\")",
        "\u{1b}[31mred\u{1b}[0m\u{7}\0\r\n\t",
        "\u{202e}gnp.exe\u{202c}\u{2066}x\u{2069}\u{feff}\u{fffe}\u{ffff}",
        "Ana\u{301}\u{200d}\u{1f468}",
        "",
        "  ",
    ];
    for text in hostile {
        stays_text(text);
    }
    stays_text(&"W".repeat(1_000));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_text_stays_text(text in "\\PC{0,40}|[<>&\"'/= a-c!\\-\\]\\x00-\\x1f\u{200b}-\u{202e}\u{fff0}-\u{ffff}]{0,40}") {
        stays_text(&text);
    }
}
