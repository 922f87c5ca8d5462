//! Any export → canonical tables; nothing downstream knows which CRM it was.
//!
//! What is known of a CRM is data: a [`preset`] names its headings and what its words mean, [`recognise`] finds the one that fits a
//! file's headings, and [`words`] looks up what a cell means.

pub mod field;
pub mod fold;
pub mod preset;
pub mod recognise;
pub mod words;
