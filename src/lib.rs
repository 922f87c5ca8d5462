//! leadlag.
pub mod calendar;
pub mod diagnostic;
pub mod document;
pub mod measure;
pub mod table;
pub mod unit;
