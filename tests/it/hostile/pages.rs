//! What a browser and a spreadsheet make of a page and of a workbook with hostile text in them.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use scraper::{Html, Selector};

use super::formats::{Written, shown};

/// The elements that a page is made of; no text of an export adds another.
const ELEMENTS: &[&str] = &[
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "main",
    "header",
    "section",
    "footer",
    "article",
    "figure",
    "figcaption",
    "h1",
    "h2",
    "h3",
    "p",
    "div",
    "span",
    "b",
    "i",
    "bdi",
    "code",
    "small",
    "br",
    "dl",
    "dt",
    "dd",
    "ul",
    "ol",
    "li",
    "details",
    "summary",
    "table",
    "caption",
    "colgroup",
    "col",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "svg",
    "g",
    "rect",
    "path",
    "line",
    "polyline",
    "polygon",
    "circle",
    "text",
    "tspan",
    "desc",
    "defs",
    "pattern",
    "marker",
];

/// Names longer than this may be shortened where they would break a layout.
const WHOLE: usize = 200;

/// As a page or a sheet has it: control characters shown, blanks at either end and between words as one.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn html(written: &Written) {
    let page = Html::parse_document(written.text());
    for element in page.tree.nodes().filter_map(|node| node.value().as_element()) {
        let name = element.name();
        assert!(ELEMENTS.contains(&name), "{}: <{name}>", written.command);
        for (attribute, value) in element.attrs() {
            assert!(!attribute.starts_with("on"), "{}: <{name} {attribute}>", written.command);
            let leads = matches!(attribute, "href" | "src" | "action" | "formaction" | "srcset" | "poster" | "xlink:href" | "background");
            assert!(!leads || value.starts_with('#'), "{}: <{name} {attribute}={value:?}>", written.command);
            assert!(!value.contains("javascript:"), "{}: <{name} {attribute}={value:?}>", written.command);
        }
    }
    for style in page.select(&Selector::parse("style, [style]").unwrap()) {
        let text = style.text().collect::<String>() + style.attr("style").unwrap_or_default();
        assert!(!text.contains("evil") && !text.contains("url(") && !text.contains("@import"), "{}: {text}", written.command);
    }
    let said = page.root_element().text().collect::<Vec<_>>().join("");
    let said = spaced(&said);
    for name in written.shows.iter().filter(|name| name.len() <= WHOLE) {
        assert!(said.contains(&spaced(&shown(name))), "{}: {name:?} is not to be seen", written.command);
    }
}

pub(super) fn xlsx(written: &Written) {
    let mut workbook = Xlsx::new(Cursor::new(&written.bytes)).unwrap_or_else(|e| panic!("{}: {e}", written.command));
    let mut cells = Vec::new();
    for sheet in workbook.sheet_names() {
        let formulas = workbook.worksheet_formula(&sheet).unwrap();
        assert!(formulas.is_empty(), "{}: a formula on {sheet}", written.command);
        for cell in workbook.worksheet_range(&sheet).unwrap().rows().flatten() {
            if let Data::String(text) = cell {
                cells.push(text.clone());
            }
        }
    }
    for name in &written.shows {
        let kept = spaced(&shown(name));
        assert!(cells.iter().any(|cell| spaced(cell) == kept), "{}: {kept:?} is in no cell", written.command);
    }
}
