#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::render::example::{document, note};

fn page(style: &Style) -> String {
    String::from_utf8(render(&document(), style).unwrap()).unwrap()
}

fn at(width: usize) -> String {
    page(&Style { width, ..Style::default() })
}

#[test]
fn the_page_at_100_columns() {
    assert_eq!(at(100), "x");
}
#[test]
fn the_page_at_80_columns() {
    println!("{}", at(80));
    println!("{}", at(60));
    println!("{}", at(140));
    println!("{}", page(&Style{ascii:true,..Style::default()}));
    println!("{}", page(&Style{color:true,..Style::default()}));
    panic!();
}
