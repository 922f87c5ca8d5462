//! Text → values, over the distinct words of a column: a word is understood once, and what one word leaves open the whole column settles.
//!
//! Nothing is guessed where two readings give different results: dates that fit both orders are refused with a question, and amounts whose
//! mark is open say how they were read.

mod currencies;
mod dates;
mod durations;
mod money;
mod months;
mod plain;
#[cfg(test)]
mod tests;

pub use super::fold::{fold, fold_name};
pub(in crate::crm) use currencies::is_code;
pub(in crate::crm) use dates::is_steady;
pub use dates::{Ambiguous, BadDate, Dates, Order, When, dates, time_of_day};
pub use durations::{BadDuration, Durations, TimeUnit, Units, durations, minutes};
pub use money::{Amount, BadAmount, Guess, Mark, Money, money, plain_amount};
pub use months::month;
pub use plain::{flag, whole};
