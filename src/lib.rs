//! leadlag.
pub mod calendar;
pub mod config;
pub mod crm;
pub mod diagnostic;
pub mod document;
pub mod facts;
pub mod measure;
pub mod render;
pub mod report;
pub mod table;
pub mod unit;
