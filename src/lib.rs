//! leadlag.
pub mod calendar;
pub mod crm;
pub mod diagnostic;
pub mod document;
pub mod table;
pub mod unit;
