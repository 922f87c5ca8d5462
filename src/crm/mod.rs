//! Any export becomes canonical tables here; nothing downstream knows which CRM it was.

pub mod files;
pub mod read;
pub mod value;
