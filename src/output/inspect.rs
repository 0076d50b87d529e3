//! What `arkib portal inspect` says, for people and for programs. Knows no portal.

mod human;
mod json;
mod template;

pub use self::human::human;
pub use self::json::{
    AttributeOutput, BulkOutput, FORMAT, InspectOutput, MappingOutput, OffersOutput,
    ResourceTypeOutput, SchemaOutput, WordOutput, quoted, users,
};
pub use self::template::template;
