//! A second, naive reading of the language: random conditions are written as SQL and worked out cell by cell, and both must agree.

use std::cmp::Ordering;

use proptest::prelude::*;

use super::*;

/// A value of a cell; numbers are fractions in lowest thought: numerator over a positive denominator.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Bool(bool),
    Text(String),
    Fraction(i128, i128),
}

/// A condition or value as SQL grammar has it, apart from the tree under test.
#[derive(Debug, Clone)]
enum Sql {
    Column(&'static str),
    Literal(&'static str, Option<Cell>),
    Infix(Box<Sql>, &'static str, Box<Sql>),
    Not(Box<Sql>),
    Minus(Box<Sql>),
    Postfix(Box<Sql>, &'static str),
    In(Box<Sql>, Vec<Sql>, bool),
    Between(Box<Sql>, Box<Sql>, Box<Sql>, bool),
    Like(Box<Sql>, &'static str, bool, bool),
    Call(&'static str, Vec<Sql>),
}

fn text(sql: &Sql) -> String {
    let not = |negated: &bool| if *negated { "NOT " } else { "" };
    match sql {
        Sql::Column(name) | Sql::Literal(name, _) => (*name).to_owned(),
        Sql::Infix(a, op, b) => format!("({} {op} {})", text(a), text(b)),
        Sql::Not(a) => format!("(NOT {})", text(a)),
        Sql::Minus(a) => format!("(- {})", text(a)),
        Sql::Postfix(a, words) => format!("({} {words})", text(a)),
        Sql::In(a, list, negated) => {
            let list: Vec<String> = list.iter().map(text).collect();
            format!("({} {}IN ({}))", text(a), not(negated), list.join(", "))
        }
        Sql::Between(a, low, high, negated) => format!("({} {}BETWEEN {} AND {})", text(a), not(negated), text(low), text(high)),
        Sql::Like(a, pattern, folded, negated) => {
            format!("({} {}{} '{pattern}')", text(a), not(negated), if *folded { "ILIKE" } else { "LIKE" })
        }
        Sql::Call(name, args) => format!("{name}({})", args.iter().map(text).collect::<Vec<_>>().join(", ")),
    }
}

fn cell(table: &Table, name: &str, row: usize) -> Option<Cell> {
    if name == "line" {
        return Some(Cell::Fraction(i128::from(table.line.get(row)), 1));
    }
    let column = match name.strip_prefix("x.") {
        Some(heading) => table.extra(heading.trim_matches('"'))?,
        None => table.column(name)?,
    };
    match column {
        Column::Words(words) => words.get(row).map(|t| Cell::Text(t.to_owned())),
        Column::Flags(_) => column.flag(row).map(Cell::Bool),
        Column::Days(_) => column.day(row).map(|d| Cell::Fraction(i128::from(d.0), 1)),
        Column::Whole(_) | Column::Instants(_) => column.number(row).map(|n| Cell::Fraction(i128::from(n), 1)),
        Column::Money(_) => column.amount(row).map(|d| Cell::Fraction(d.mantissa(), 10_i128.pow(d.scale()))),
        Column::Lists(_) => None,
        Column::Short(_) => {
            column.day(row).map(|day| i64::from(day.0)).or_else(|| column.number(row)).map(|n| Cell::Fraction(i128::from(n), 1))
        }
    }
}

fn order(a: &Cell, b: &Cell) -> Ordering {
    match (a, b) {
        (Cell::Bool(a), Cell::Bool(b)) => a.cmp(b),
        (Cell::Text(a), Cell::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Cell::Fraction(a, p), Cell::Fraction(b, q)) => (a * q).cmp(&(b * p)),
        other => panic!("unlike: {other:?}"),
    }
}

fn truth(value: Option<Cell>) -> Option<bool> {
    value.map(|v| match v {
        Cell::Bool(b) => b,
        other => panic!("no condition: {other:?}"),
    })
}

fn fits(text: &[char], pattern: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('%', rest)) => (0..=text.len()).any(|skip| fits(&text[skip..], rest)),
        Some((p, rest)) => text.split_first().is_some_and(|(t, others)| (*p == '_' || p == t) && fits(others, rest)),
    }
}

fn work_out(sql: &Sql, table: &Table, row: usize) -> Option<Cell> {
    let go = |sql: &Sql| work_out(sql, table, row);
    match sql {
        Sql::Column(name) => cell(table, name, row),
        Sql::Literal(_, value) => value.clone(),
        Sql::Infix(a, "AND", b) => match (truth(go(a)), truth(go(b))) {
            (Some(false), _) | (_, Some(false)) => Some(Cell::Bool(false)),
            (Some(true), Some(true)) => Some(Cell::Bool(true)),
            _ => None,
        },
        Sql::Infix(a, "OR", b) => match (truth(go(a)), truth(go(b))) {
            (Some(true), _) | (_, Some(true)) => Some(Cell::Bool(true)),
            (Some(false), Some(false)) => Some(Cell::Bool(false)),
            _ => None,
        },
        Sql::Infix(a, op, b) => {
            let (a, b) = (go(a)?, go(b)?);
            if let (Cell::Fraction(a, p), Cell::Fraction(b, q)) = (&a, &b) {
                match *op {
                    "+" => return Some(Cell::Fraction(a * q + b * p, p * q)),
                    "-" => return Some(Cell::Fraction(a * q - b * p, p * q)),
                    "*" => return Some(Cell::Fraction(a * b, p * q)),
                    "/" if *b == 0 => return None,
                    "/" => return Some(Cell::Fraction(a * q * b.signum(), p * b.abs())),
                    _ => {}
                }
            }
            let order = order(&a, &b);
            Some(Cell::Bool(match *op {
                "=" => order == Ordering::Equal,
                "<>" => order != Ordering::Equal,
                "<" => order == Ordering::Less,
                "<=" => order != Ordering::Greater,
                ">" => order == Ordering::Greater,
                ">=" => order != Ordering::Less,
                other => panic!("{other}"),
            }))
        }
        Sql::Not(a) => truth(go(a)).map(|b| Cell::Bool(!b)),
        Sql::Minus(a) => match go(a)? {
            Cell::Fraction(a, p) => Some(Cell::Fraction(-a, p)),
            other => panic!("{other:?}"),
        },
        Sql::Postfix(a, words) => {
            let value = go(a);
            Some(Cell::Bool(match *words {
                "IS NULL" => value.is_none(),
                "IS NOT NULL" => value.is_some(),
                "IS TRUE" => truth(value) == Some(true),
                "IS NOT TRUE" => truth(value) != Some(true),
                "IS FALSE" => truth(value) == Some(false),
                _ => truth(value) != Some(false),
            }))
        }
        Sql::In(a, list, negated) => {
            let value = go(a)?;
            let items: Vec<Option<Cell>> = list.iter().map(go).collect();
            let found = items.iter().flatten().any(|item| order(&value, item) == Ordering::Equal);
            if !found && items.contains(&None) {
                return None;
            }
            Some(Cell::Bool(found != *negated))
        }
        Sql::Between(a, low, high, negated) => {
            let value = go(a);
            let compare = |bound: &Sql, wanted: Ordering| Some(order(value.as_ref()?, &go(bound)?) != wanted);
            let within = match (compare(low, Ordering::Less), compare(high, Ordering::Greater)) {
                (Some(false), _) | (_, Some(false)) => false,
                (Some(true), Some(true)) => true,
                _ => return None,
            };
            Some(Cell::Bool(within != *negated))
        }
        Sql::Like(a, pattern, folded, negated) => {
            let Cell::Text(text) = go(a)? else { panic!("no text") };
            let (text, pattern) = if *folded { (text.to_lowercase(), pattern.to_lowercase()) } else { (text, (*pattern).to_owned()) };
            let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
            Some(Cell::Bool(fits(&text, &pattern) != *negated))
        }
        Sql::Call("coalesce", args) => args.iter().find_map(go),
        Sql::Call(name, args) => {
            let Cell::Text(text) = go(&args[0])? else { panic!("no text") };
            Some(match *name {
                "lower" => Cell::Text(text.to_lowercase()),
                "upper" => Cell::Text(text.to_uppercase()),
                _ => Cell::Fraction(text.chars().count() as i128, 1),
            })
        }
    }
}

fn boxed(sql: impl Strategy<Value = Sql> + 'static) -> BoxedStrategy<Sql> {
    sql.boxed()
}

fn texts() -> BoxedStrategy<Sql> {
    let word = |word: &'static str, sql: &'static str| Sql::Literal(sql, Some(Cell::Text(word.to_owned())));
    let leaf = prop::sample::select(vec![
        Sql::Column("name"),
        Sql::Column("owner"),
        Sql::Column("account"),
        Sql::Column("pipeline"),
        Sql::Column("x.\"Region__c\""),
        word("Ana", "'Ana'"),
        word("acme", "'acme'"),
        word("größe", "'größe'"),
        Sql::Literal("NULL", None),
    ]);
    boxed(leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            (prop::sample::select(vec!["lower", "upper"]), inner.clone()).prop_map(|(name, a)| Sql::Call(name, vec![a])),
            // A coalesce of NULLs alone has no type.
            prop::collection::vec(inner, 0..3).prop_map(|mut args| {
                args.push(Sql::Column("account"));
                Sql::Call("coalesce", args)
            }),
        ]
    }))
}

/// Numbers whose quotients are exact in binary, so that both readings must agree to the last digit.
fn numbers() -> BoxedStrategy<Sql> {
    let number = |sql: &'static str, a: i128, p: i128| Sql::Literal(sql, Some(Cell::Fraction(a, p)));
    let leaf = prop_oneof![
        prop::sample::select(vec![
            Sql::Column("amount"),
            Sql::Column("cost"),
            Sql::Column("days_open"),
            Sql::Column("line"),
            number("2", 2, 1),
            number("0.25", 1, 4),
            number("31", 31, 1),
            number("10000.01", 1_000_001, 100),
            Sql::Literal("NULL", None),
        ]),
        texts().prop_map(|a| Sql::Call("length", vec![a])),
    ];
    boxed(leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            (inner.clone(), prop::sample::select(vec!["+", "-", "*"]), inner.clone()).prop_map(|(a, op, b)| Sql::Infix(
                Box::new(a),
                op,
                Box::new(b)
            )),
            inner.clone().prop_map(|a| Sql::Minus(Box::new(a))),
            prop::collection::vec(inner, 0..3).prop_map(|mut args| {
                args.push(Sql::Column("days_open"));
                Sql::Call("coalesce", args)
            }),
        ]
    }))
}

fn quotients() -> BoxedStrategy<Sql> {
    let small = prop::sample::select(vec![Sql::Column("days_open"), Sql::Column("line"), Sql::Literal("3", Some(Cell::Fraction(3, 1)))]);
    let divisor = prop::sample::select(vec![
        Sql::Literal("2", Some(Cell::Fraction(2, 1))),
        Sql::Literal("0", Some(Cell::Fraction(0, 1))),
        Sql::Literal("0.5", Some(Cell::Fraction(1, 2))),
    ]);
    boxed((small, divisor).prop_map(|(a, b)| Sql::Infix(Box::new(a), "/", Box::new(b))))
}

fn days() -> BoxedStrategy<Sql> {
    let day = |sql: &'static str, day: i128| Sql::Literal(sql, Some(Cell::Fraction(day, 1)));
    let leaf = prop::sample::select(vec![
        Sql::Column("closed_on"),
        Sql::Column("created_on"),
        Sql::Column("expected_on"),
        day("DATE '2026-01-31'", 20_484),
        day("DATE '1970-01-01'", 0),
    ]);
    let moved = prop::sample::select(vec![Sql::Column("days_open"), Sql::Literal("30", Some(Cell::Fraction(30, 1)))]);
    boxed(prop_oneof![
        leaf.clone(),
        (leaf, prop::sample::select(vec!["+", "-"]), moved).prop_map(|(a, op, b)| Sql::Infix(Box::new(a), op, Box::new(b))),
    ])
}

fn about(values: BoxedStrategy<Sql>) -> BoxedStrategy<Sql> {
    let comparison = prop::sample::select(vec!["=", "<>", "<", "<=", ">", ">="]);
    boxed(prop_oneof![
        4 => (values.clone(), comparison, values.clone()).prop_map(|(a, op, b)| Sql::Infix(Box::new(a), op, Box::new(b))),
        1 => (values.clone(), prop::sample::select(vec!["IS NULL", "IS NOT NULL"])).prop_map(|(a, w)| Sql::Postfix(Box::new(a), w)),
        2 => (values.clone(), prop::collection::vec(values.clone(), 1..4), any::<bool>()).prop_map(|(a, list, n)| Sql::In(Box::new(a), list, n)),
        1 => (values.clone(), values.clone(), values, any::<bool>())
            .prop_map(|(a, low, high, n)| Sql::Between(Box::new(a), Box::new(low), Box::new(high), n)),
    ])
}

fn conditions() -> BoxedStrategy<Sql> {
    let patterns = vec!["%a%", "A%", "%e", "_____", "a_b", "%", "", "%c%e", "GRÖ%", "%_%_%"];
    let leaf = prop_oneof![
        3 => about(texts()),
        3 => about(numbers()),
        1 => about(quotients()),
        2 => about(days()),
        2 => (texts(), prop::sample::select(patterns), any::<bool>(), any::<bool>()).prop_map(|(a, p, f, n)| Sql::Like(Box::new(a), p, f, n)),
        2 => prop::sample::select(vec![
            Sql::Column("new_business"),
            Sql::Column("first_win"),
            Sql::Literal("TRUE", Some(Cell::Bool(true))),
            Sql::Literal("FALSE", Some(Cell::Bool(false))),
            Sql::Literal("NULL", None),
        ]),
    ];
    boxed(leaf.prop_recursive(3, 12, 3, |inner| {
        let truths = prop::sample::select(vec!["IS NULL", "IS NOT NULL", "IS TRUE", "IS NOT TRUE", "IS FALSE", "IS NOT FALSE"]);
        prop_oneof![
            4 => (inner.clone(), prop::sample::select(vec!["AND", "OR", "=", "<>"]), inner.clone())
                .prop_map(|(a, op, b)| Sql::Infix(Box::new(a), op, Box::new(b))),
            1 => inner.clone().prop_map(|a| Sql::Not(Box::new(a))),
            1 => (inner.clone(), truths).prop_map(|(a, w)| Sql::Postfix(Box::new(a), w)),
            1 => prop::collection::vec(inner, 0..3).prop_map(|mut args| {
                args.push(Sql::Column("first_win"));
                Sql::Call("coalesce", args)
            }),
        ]
    }))
}

/// How many parentheses stand inside each other where most do.
fn parentheses(sql: &str) -> usize {
    let depths = sql.chars().scan(0_usize, |depth, c| {
        match c {
            '(' => *depth += 1,
            ')' => *depth -= 1,
            _ => {}
        }
        Some(*depth)
    });
    depths.max().unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn a_naive_reading_agrees(sql in conditions()) {
        let table = deals();
        let written = text(&sql);
        // About seven parentheses each inside the next are as many as are read.
        prop_assume!(parentheses(&written) < 7);
        let wanted: String = (0..table.len()).map(|row| match truth(work_out(&sql, &table, row)) {
            Some(true) => 't',
            Some(false) => 'f',
            None => '?',
        }).collect();
        prop_assert_eq!(rows(&table, &written), wanted, "{}", written);
    }
}
