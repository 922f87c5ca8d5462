//! Any export becomes canonical tables here; nothing downstream knows which CRM it was.
//!
//! [`load()`] goes through it in this order; [`inspect`] does the same and keeps what was understood.
//!
//! | step | module |
//! |---|---|
//! | names → files | [`files`] |
//! | a file → the tables inside: unpacked, decoded, cut into records that keep their lines | [`read`], `open` |
//! | a sheet → its tables: by title lines, a column that names the record's type, headings side by side, one below the other | `tables` |
//! | headings → what they are: presets that are data, the user's own before those that ship | [`preset`], [`recognise`], [`field`], `plain`, `twins` |
//! | columns → fields: groups filled down, spare columns, further owners, histories in columns | `take`, `grouped`, `second`, `history`, `part` |
//! | several files → one: carried deals set apart, links and look-ups applied, merged records renamed | `carried`, `link`, `merged` |
//! | cells → values: dates, amounts, lengths; words → kinds, outcomes, states | [`value`], [`words`], `normalise` |
//! | names → people, accounts and deals with one label each | `identity` |
//! | the tables put together, and what no number needs said | `assemble`, `unneeded` |
//! | rates of currencies, from a file of their own | `rates` |
//! | how far reading has come, told as it goes on | `meter` |
//! | what was understood, for whoever asks | [`evidence`] |

mod assemble;
mod carried;
mod coded;
pub mod evidence;
pub mod field;
pub mod files;
mod grouped;
mod history;
mod identity;
mod link;
mod load;
mod merged;
mod meter;
mod normalise;
mod once;
mod open;
mod part;
mod plain;
pub mod preset;
mod priced;
mod rates;
pub mod read;
pub mod recognise;
mod second;
mod tables;
mod take;
mod twins;
mod unneeded;
pub mod value;
pub mod words;

pub use crate::table::fold;
pub use load::{Input, Inside, Inspected, Loaded, Reading, Settings, inspect, load};
pub use meter::{Mark, Meter};
pub use rates::{RateFile, RateSettings, rates};
pub use second::Share;
