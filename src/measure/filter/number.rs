//! Numbers: one column against literals directly, anything more by polars on 64-bit integers, and what could overflow those row by row.
//!
//! Sums, differences and products are exact. A quotient is a binary number, and so is all that is reckoned from it. What is divided by zero,
//! or grows beyond every binary number, is NULL.

use std::cmp::Ordering;

use polars::prelude::{
    BooleanChunked, ChunkAgg, ChunkCompareEq, ChunkCompareIneq, ChunkSet, ChunkZip, Float64Chunked, Int64Chunked, PolarsResult,
};

use super::dictionary::Scope;
use super::exact::{Exact, power};
use super::mask::{FALSE, Mask, NULL, TRUE, byte};
use super::tree::{Comparison, Number, Operator};
use crate::table::{Amounts, Column, Lines, ShortView};

/// The numbers of a column as they lie in the table.
enum Numbers<'a> {
    Days(&'a [i32]),
    /// With the decimals that they all have.
    Long(&'a [i64], u32),
    Lines(&'a Lines),
    Made(Vec<i64>),
    Short(ShortView<'a>, usize),
    Absent,
}

const NONE: i64 = Column::NO_NUMBER;
const _: () = assert!(NONE == Amounts::NULL, "one sentinel for every 64-bit column");

impl Numbers<'_> {
    fn scale(&self) -> u32 {
        match self {
            Self::Long(_, scale) => *scale,
            _ => 0,
        }
    }

    /// What a test says of each number, unknown where there is none.
    fn test(&self, rows: usize, test: impl Fn(i64) -> u8) -> Mask {
        let long = |x: i64| if x == NONE { NULL } else { test(x) };
        Mask(match self {
            Self::Days(days) => days.iter().map(|d| if *d == Column::NO_DAY { NULL } else { test(i64::from(*d)) }).collect(),
            Self::Long(numbers, _) => numbers.iter().map(|x| long(*x)).collect(),
            Self::Lines(lines) => lines.iter().map(|line| test(i64::from(line))).collect(),
            Self::Made(numbers) => numbers.iter().map(|x| long(*x)).collect(),
            Self::Short(view, len) => (0..*len).map(|row| long(view.get(row))).collect(),
            Self::Absent => vec![NULL; rows],
        })
    }

    fn get(&self, row: usize) -> Option<Exact> {
        let units = match self {
            Self::Days(days) => days.get(row).filter(|d| **d != Column::NO_DAY).map(|d| i64::from(*d)),
            Self::Long(numbers, _) => numbers.get(row).copied(),
            Self::Lines(lines) => Some(lines.get(row)).filter(|line| *line > 0).map(i64::from),
            Self::Made(numbers) => numbers.get(row).copied(),
            Self::Short(view, _) => Some(view.get(row)),
            Self::Absent => None,
        };
        units.filter(|x| *x != NONE).map(|x| Exact { units: i128::from(x), scale: self.scale() })
    }

    fn chunked(&self, rows: usize) -> Int64Chunked {
        let long = |x: &i64| (*x != NONE).then_some(*x);
        match self {
            Self::Days(days) => days.iter().map(|d| (*d != Column::NO_DAY).then_some(i64::from(*d))).collect(),
            Self::Long(numbers, _) => numbers.iter().map(long).collect(),
            Self::Lines(lines) => lines.iter().map(|line| Some(i64::from(line))).collect(),
            Self::Made(numbers) => numbers.iter().map(long).collect(),
            Self::Short(view, len) => (0..*len).map(|row| long(&view.get(row))).collect(),
            Self::Absent => std::iter::repeat_n(None::<i64>, rows).collect(),
        }
    }
}

/// The numbers of a part that is a column, or as good as one.
fn column<'a>(number: &Number, scope: &Scope<'a>) -> Option<Numbers<'a>> {
    Some(match number {
        Number::Column(name) => match scope.table.column(name) {
            Some(Column::Days(days)) => Numbers::Days(days),
            Some(Column::Whole(numbers) | Column::Instants(numbers)) => Numbers::Long(numbers, 0),
            Some(Column::Short(short)) => Numbers::Short(short.view(), short.len()),
            Some(Column::Money(amounts)) => Numbers::Long(&amounts.minor, u32::from(amounts.scale)),
            _ => Numbers::Absent,
        },
        Number::Line => Numbers::Lines(&scope.table.line),
        Number::Length(text) => Numbers::Made(scope.text(text).lengths(NONE)),
        _ => return None,
    })
}

/// A comparison of two numbers per row.
pub(super) fn compare(comparison: Comparison, left: &Number, right: &Number, scope: &Scope) -> PolarsResult<Mask> {
    match (left, right) {
        (_, Number::Null) | (Number::Null, _) => return Ok(Mask::constant(None, scope.rows)),
        (number, Number::Literal(literal)) => {
            if let Some(numbers) = column(number, scope) {
                return Ok(compare_literal(comparison, &numbers, *literal, scope.rows));
            }
        }
        (Number::Literal(literal), number) => {
            if let Some(numbers) = column(number, scope) {
                return Ok(compare_literal(comparison.mirrored(), &numbers, *literal, scope.rows));
            }
        }
        _ => {}
    }
    if left.is_constant() && right.is_constant() {
        return Ok(Mask::constant(compare_row(comparison, left, right, scope, 0), scope.rows));
    }
    if let (Some(a), Some(b)) = (vector(left, scope)?, vector(right, scope)?)
        && let Some(compared) = a.compare(comparison, b)
    {
        return Ok(mask(&compared, scope.rows));
    }
    let (left, right) = (Prepared::new(left, scope), Prepared::new(right, scope));
    Ok(Mask((0..scope.rows).map(|row| byte(compare_values(comparison, left.value(row), right.value(row)))).collect()))
}

/// Whether each row's number is one of sorted numbers; with `null` among them, what is not found is unknown.
pub(super) fn among(number: &Number, list: &[Exact], null: bool, scope: &Scope) -> PolarsResult<Mask> {
    let missing = if null { NULL } else { FALSE };
    if let Some(numbers) = column(number, scope) {
        let scale = numbers.scale();
        let units: Vec<i64> = list
            .iter()
            .filter_map(|exact| match exact.floor_at(scale) {
                (units, true) => i64::try_from(units).ok(),
                _ => None,
            })
            .collect();
        return Ok(numbers.test(scope.rows, |x| if units.binary_search(&x).is_ok() { TRUE } else { missing }));
    }
    let mut found = compare(Comparison::NotEqual, number, number, scope)?;
    for exact in list {
        found.or_with(&compare(Comparison::Equal, number, &Number::Literal(*exact), scope)?);
    }
    if null {
        found.or_with(&Mask::constant(None, scope.rows));
    }
    Ok(found)
}

/// Where there is no number.
pub(super) fn is_null(number: &Number, scope: &Scope) -> PolarsResult<Mask> {
    if let Some(numbers) = column(number, scope) {
        return Ok(numbers.test(scope.rows, |_| FALSE).is(None));
    }
    Ok(compare(Comparison::Equal, number, number, scope)?.is(None))
}

/// Compares whole units with a literal that may lie between two of them.
fn compare_literal(comparison: Comparison, numbers: &Numbers, literal: Exact, rows: usize) -> Mask {
    let (floor, exact) = literal.floor_at(numbers.scale());
    let (low, high) = match comparison {
        Comparison::Equal | Comparison::NotEqual if exact => (floor, floor),
        Comparison::Equal | Comparison::NotEqual => (1, 0),
        Comparison::Less if exact => (i128::MIN, floor.saturating_sub(1)),
        Comparison::Less | Comparison::LessOrEqual => (i128::MIN, floor),
        Comparison::GreaterOrEqual if exact => (floor, i128::MAX),
        Comparison::Greater | Comparison::GreaterOrEqual => (floor.saturating_add(1), i128::MAX),
    };
    let (within, outside) = if comparison == Comparison::NotEqual { (FALSE, TRUE) } else { (TRUE, FALSE) };
    let (Ok(low), Ok(high)) = (i64::try_from(low.max(i128::from(i64::MIN))), i64::try_from(high.min(i128::from(i64::MAX)))) else {
        return numbers.test(rows, |_| outside);
    };
    numbers.test(rows, |x| if low <= x && x <= high { within } else { outside })
}

/// Numbers per row as polars has them; one row stands for all.
enum Vector {
    /// In units of 10^-scale, none below `low` or above `high`.
    Exact {
        units: Int64Chunked,
        scale: u32,
        low: i128,
        high: i128,
    },
    Float(Float64Chunked),
}

/// Whole units with the lowest and the highest that they can be.
type Bounded = (Int64Chunked, i128, i128);

fn fits(low: i128, high: i128) -> bool {
    low > i128::from(i64::MIN) && high <= i128::from(i64::MAX)
}

/// The numbers of a part; none where 64-bit integers might not hold them.
fn vector(number: &Number, scope: &Scope) -> PolarsResult<Option<Vector>> {
    if let Some(numbers) = column(number, scope) {
        let units = numbers.chunked(scope.rows);
        let (low, high) = (units.min().unwrap_or(0), units.max().unwrap_or(0));
        return Ok(Some(Vector::Exact { units, scale: numbers.scale(), low: i128::from(low), high: i128::from(high) }));
    }
    Ok(match number {
        Number::Literal(exact) => i64::try_from(exact.units).ok().filter(|x| *x != NONE).map(|units| Vector::Exact {
            units: std::iter::once(Some(units)).collect(),
            scale: exact.scale,
            low: exact.units,
            high: exact.units,
        }),
        Number::Null => Some(Vector::Exact { units: std::iter::once(None::<i64>).collect(), scale: 0, low: 0, high: 0 }),
        Number::Negative(inner) => match vector(inner, scope)? {
            Some(Vector::Exact { units, scale, low, high }) => {
                fits(-high, -low).then(|| Vector::Exact { units: units * -1_i64, scale, low: -high, high: -low })
            }
            Some(Vector::Float(numbers)) => Some(Vector::Float(numbers * -1.0)),
            None => None,
        },
        Number::Arithmetic(operator, left, right) => match (vector(left, scope)?, vector(right, scope)?) {
            (Some(left), Some(right)) => left.arithmetic(*operator, right)?,
            _ => None,
        },
        Number::Coalesce(parts) => {
            let mut first: Option<Vector> = None;
            for part in parts {
                let Some(part) = vector(part, scope)?.map(|v| v.spread(scope.rows)) else {
                    return Ok(None);
                };
                first = match first {
                    None => Some(part),
                    Some(before) => match before.or_else(part)? {
                        Some(both) => Some(both),
                        None => return Ok(None),
                    },
                };
            }
            first
        }
        Number::Column(_) | Number::Line | Number::Length(_) => None,
    })
}

fn finite(numbers: Float64Chunked) -> PolarsResult<Float64Chunked> {
    let wild: BooleanChunked = numbers.iter().map(|x| x.map(|x| !x.is_finite())).collect();
    if wild.any() { numbers.set(&wild, None) } else { Ok(numbers) }
}

impl Vector {
    /// One number for all rows as so many numbers.
    fn spread(self, rows: usize) -> Self {
        match self {
            Self::Exact { units, scale, low, high } if units.len() == 1 => {
                let units = std::iter::repeat_n(units.get(0), rows).collect();
                Self::Exact { units, scale, low, high }
            }
            other => other,
        }
    }

    fn float(self) -> Float64Chunked {
        match self {
            Self::Float(numbers) => numbers,
            Self::Exact { units, scale, .. } => units.iter().map(|x| x.map(|x| Exact { units: i128::from(x), scale }.to_f64())).collect(),
        }
    }

    /// The same units made as small as `scale` says; none where they would not fit.
    fn rescaled(units: Int64Chunked, from: u32, scale: u32, low: i128, high: i128) -> Option<Bounded> {
        if from == scale {
            return Some((units, low, high));
        }
        let factor = power(scale.checked_sub(from)?)?;
        let (low, high) = (low.checked_mul(factor)?, high.checked_mul(factor)?);
        let narrow = i64::try_from(factor).ok()?;
        fits(low, high).then(|| (units * narrow, low, high))
    }

    /// Two exact vectors in units of one size, with their bounds; none where they would not fit.
    fn aligned(self, other: Self) -> Option<(Bounded, Bounded, u32)> {
        let (Self::Exact { units: a, scale: sa, low: la, high: ha }, Self::Exact { units: b, scale: sb, low: lb, high: hb }) =
            (self, other)
        else {
            return None;
        };
        let scale = sa.max(sb);
        Some((Self::rescaled(a, sa, scale, la, ha)?, Self::rescaled(b, sb, scale, lb, hb)?, scale))
    }

    fn is_float(&self) -> bool {
        matches!(self, Self::Float(_))
    }

    fn arithmetic(self, operator: Operator, other: Self) -> PolarsResult<Option<Self>> {
        if operator == Operator::Over || self.is_float() || other.is_float() {
            let (a, b) = (self.float(), other.float());
            let result = match operator {
                Operator::Plus => &a + &b,
                Operator::Minus => &a - &b,
                Operator::Times => &a * &b,
                Operator::Over => &a / &b,
            };
            return Ok(Some(Self::Float(finite(result)?)));
        }
        if operator == Operator::Times {
            let (Self::Exact { units: a, scale: sa, low: la, high: ha }, Self::Exact { units: b, scale: sb, low: lb, high: hb }) =
                (self, other)
            else {
                return Ok(None);
            };
            // Bounds are of 64 bits, so their products cannot overflow 128.
            let corners = [la * lb, la * hb, ha * lb, ha * hb];
            let (low, high) = corners.iter().fold((i128::MAX, i128::MIN), |(low, high), c| (low.min(*c), high.max(*c)));
            return Ok(fits(low, high).then(|| Self::Exact { units: &a * &b, scale: sa + sb, low, high }));
        }
        let Some(((a, la, ha), (b, lb, hb), scale)) = self.aligned(other) else {
            return Ok(None);
        };
        let (units, low, high) = if operator == Operator::Plus { (&a + &b, la + lb, ha + hb) } else { (&a - &b, la - hb, ha - lb) };
        Ok(fits(low, high).then_some(Self::Exact { units, scale, low, high }))
    }

    fn or_else(self, other: Self) -> PolarsResult<Option<Self>> {
        if self.is_float() || other.is_float() {
            let (a, b) = (self.float(), other.float());
            return Ok(Some(Self::Float(a.zip_with(&a.is_not_null(), &b)?)));
        }
        let Some(((a, la, ha), (b, lb, hb), scale)) = self.aligned(other) else {
            return Ok(None);
        };
        let units = a.zip_with(&a.is_not_null(), &b)?;
        Ok(Some(Self::Exact { units, scale, low: la.min(lb), high: ha.max(hb) }))
    }

    fn compare(self, comparison: Comparison, other: Self) -> Option<BooleanChunked> {
        if self.is_float() || other.is_float() {
            return Some(compared(comparison, &self.float(), &other.float()));
        }
        self.aligned(other).map(|((a, ..), (b, ..), _)| compared(comparison, &a, &b))
    }
}

fn compared<'a, T>(comparison: Comparison, a: &'a T, b: &'a T) -> BooleanChunked
where
    T: ChunkCompareEq<&'a T, Item = BooleanChunked> + ChunkCompareIneq<&'a T, Item = BooleanChunked>,
{
    match comparison {
        Comparison::Equal => a.equal(b),
        Comparison::NotEqual => a.not_equal(b),
        Comparison::Less => a.lt(b),
        Comparison::LessOrEqual => a.lt_eq(b),
        Comparison::Greater => a.gt(b),
        Comparison::GreaterOrEqual => a.gt_eq(b),
    }
}

fn mask(answers: &BooleanChunked, rows: usize) -> Mask {
    if answers.len() == 1 && rows != 1 {
        return Mask::constant(answers.get(0), rows);
    }
    Mask(answers.iter().map(byte).collect())
}

/// A number of one row.
#[derive(Clone, Copy)]
enum Value {
    Exact(Exact),
    Float(f64),
}

impl Value {
    fn float(self) -> f64 {
        match self {
            Self::Exact(exact) => exact.to_f64(),
            Self::Float(x) => x,
        }
    }

    fn finite(x: f64) -> Option<Self> {
        x.is_finite().then_some(Self::Float(x))
    }
}

/// A part with its columns found, to be worked out row by row.
enum Prepared<'a> {
    Column(Numbers<'a>),
    Literal(Option<Exact>),
    Negative(Box<Prepared<'a>>),
    Arithmetic(Operator, Box<Prepared<'a>>, Box<Prepared<'a>>),
    Coalesce(Vec<Prepared<'a>>),
}

impl<'a> Prepared<'a> {
    fn new(number: &Number, scope: &Scope<'a>) -> Self {
        if let Some(numbers) = column(number, scope) {
            return Self::Column(numbers);
        }
        match number {
            Number::Literal(exact) => Self::Literal(Some(*exact)),
            Number::Negative(inner) => Self::Negative(Box::new(Self::new(inner, scope))),
            Number::Arithmetic(operator, left, right) => {
                Self::Arithmetic(*operator, Box::new(Self::new(left, scope)), Box::new(Self::new(right, scope)))
            }
            Number::Coalesce(parts) => Self::Coalesce(parts.iter().map(|p| Self::new(p, scope)).collect()),
            _ => Self::Literal(None),
        }
    }

    fn value(&self, row: usize) -> Option<Value> {
        match self {
            Self::Column(numbers) => numbers.get(row).map(Value::Exact),
            Self::Literal(exact) => exact.map(Value::Exact),
            Self::Negative(inner) => match inner.value(row)? {
                Value::Exact(exact) => exact.negative().map(Value::Exact),
                Value::Float(x) => Some(Value::Float(-x)),
            },
            Self::Arithmetic(operator, left, right) => arithmetic(*operator, left.value(row)?, right.value(row)?),
            Self::Coalesce(parts) => parts.iter().find_map(|p| p.value(row)),
        }
    }
}

/// One operation; what even 128 bits cannot hold goes on as a binary number.
fn arithmetic(operator: Operator, left: Value, right: Value) -> Option<Value> {
    if let (Value::Exact(a), Value::Exact(b)) = (left, right) {
        let exact = match operator {
            Operator::Plus => a.plus(b),
            Operator::Minus => b.negative().and_then(|b| a.plus(b)),
            Operator::Times => a.times(b),
            Operator::Over => None,
        };
        if let Some(exact) = exact {
            return Some(Value::Exact(exact));
        }
    }
    let (a, b) = (left.float(), right.float());
    Value::finite(match operator {
        Operator::Plus => a + b,
        Operator::Minus => a - b,
        Operator::Times => a * b,
        Operator::Over => a / b,
    })
}

fn compare_values(comparison: Comparison, left: Option<Value>, right: Option<Value>) -> Option<bool> {
    let order = match (left?, right?) {
        (Value::Exact(a), Value::Exact(b)) => a.compare(b),
        (a, b) => a.float().partial_cmp(&b.float()).unwrap_or(Ordering::Equal),
    };
    Some(comparison.holds(order))
}

fn compare_row(comparison: Comparison, left: &Number, right: &Number, scope: &Scope, row: usize) -> Option<bool> {
    compare_values(comparison, Prepared::new(left, scope).value(row), Prepared::new(right, scope).value(row))
}
