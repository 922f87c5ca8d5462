//! Any export becomes canonical tables here; nothing downstream knows which CRM it was.
//!
//! Files are found ([`files`]), read into records that keep their lines ([`read`]), recognised by their headings ([`recognise`]) with
//! presets that are data ([`preset`]), understood cell by cell ([`value`]), and put together: links and lookups fill the columns of the
//! tables beside them, and people, accounts and deals get one label each.

mod assemble;
mod carried;
pub mod evidence;
pub mod field;
pub mod files;
pub mod fold;
mod grouped;
mod history;
mod identity;
mod link;
mod load;
mod merged;
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

pub use load::{Input, Inside, Inspected, Loaded, Reading, Settings, inspect, load};
pub use rates::{RateFile, RateSettings, rates};
pub use second::Share;
