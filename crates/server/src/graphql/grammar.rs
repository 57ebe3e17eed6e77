//! The operators of `where` and which of them each kind of column takes (contract 2.4).

use super::catalogue::ColumnType;

/// One comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    Neq,
    /// One of a list.
    In,
    /// None of a list.
    Nin,
    /// Greater.
    Gt,
    /// Greater or equal.
    Gte,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
    /// Null (true) or not null (false).
    IsNull,
    /// Matches a pattern of `%` and `_`.
    Like,
    /// Does not match a pattern.
    Nlike,
    /// Matches a pattern, whatever the case.
    Ilike,
    /// Does not match a pattern, whatever the case.
    Nilike,
    /// The JSON contains the argument, in Postgres' sense of `@>`.
    Contains,
    /// The JSON is contained in the argument.
    ContainedIn,
    /// The JSON has this key, or this string as an element.
    HasKey,
    /// It has every one of these.
    HasKeysAll,
    /// It has at least one of these.
    HasKeysAny,
}

const COMPARABLE: &[Operator] = &[
    Operator::Eq,
    Operator::Gt,
    Operator::Gte,
    Operator::In,
    Operator::IsNull,
    Operator::Lt,
    Operator::Lte,
    Operator::Neq,
    Operator::Nin,
];
const TEXT: &[Operator] = &[
    Operator::Eq,
    Operator::Gt,
    Operator::Gte,
    Operator::Ilike,
    Operator::In,
    Operator::IsNull,
    Operator::Like,
    Operator::Lt,
    Operator::Lte,
    Operator::Neq,
    Operator::Nilike,
    Operator::Nin,
    Operator::Nlike,
];
const JSON: &[Operator] = &[
    Operator::ContainedIn,
    Operator::Contains,
    Operator::Eq,
    Operator::Gt,
    Operator::Gte,
    Operator::HasKey,
    Operator::HasKeysAll,
    Operator::HasKeysAny,
    Operator::In,
    Operator::IsNull,
    Operator::Lt,
    Operator::Lte,
    Operator::Neq,
    Operator::Nin,
];

/// Operators whose argument is a list of values of the column's own kind.
pub const LIST_OPERATORS: &[Operator] = &[Operator::In, Operator::Nin];

/// The operators a column of this kind takes.
pub fn operators(ty: ColumnType) -> &'static [Operator] {
    match ty {
        ColumnType::Text => TEXT,
        ColumnType::Json => JSON,
        ColumnType::Boolean
        | ColumnType::Integer
        | ColumnType::Interval
        | ColumnType::Timestamp
        | ColumnType::Uuid => COMPARABLE,
    }
}

impl Operator {
    /// The key in a comparison object.
    pub fn name(self) -> &'static str {
        match self {
            Operator::Eq => "_eq",
            Operator::Neq => "_neq",
            Operator::In => "_in",
            Operator::Nin => "_nin",
            Operator::Gt => "_gt",
            Operator::Gte => "_gte",
            Operator::Lt => "_lt",
            Operator::Lte => "_lte",
            Operator::IsNull => "_is_null",
            Operator::Like => "_like",
            Operator::Nlike => "_nlike",
            Operator::Ilike => "_ilike",
            Operator::Nilike => "_nilike",
            Operator::Contains => "_contains",
            Operator::ContainedIn => "_contained_in",
            Operator::HasKey => "_has_key",
            Operator::HasKeysAll => "_has_keys_all",
            Operator::HasKeysAny => "_has_keys_any",
        }
    }

    /// The operator with this key, for a column of this kind.
    pub fn named(name: &str, ty: ColumnType) -> Option<Operator> {
        operators(ty)
            .iter()
            .copied()
            .find(|operator| operator.name() == name)
    }
}
