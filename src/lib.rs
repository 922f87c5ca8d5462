//! leadlag.
pub mod calendar;
pub mod diagnostic;
pub mod document;
pub mod facts;
pub mod render;
pub mod table;
pub mod unit;
