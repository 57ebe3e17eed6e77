//! How the API's scalars are sent: the names the generated types of variables look for.

/// `uuid` of the tables, `UUID` of the mutations.
pub type Uuid = String;
/// `timestamptz` of the tables.
pub type Timestamptz = String;
/// `jsonb` of the tables.
pub type Jsonb = serde_json::Value;
/// `interval` of the tables: `HH:MM:SS`.
pub type Interval = String;
