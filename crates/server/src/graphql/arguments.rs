//! The arguments of a field as JSON: variables put in, lists made of single values, literals read by their type.

use apollo_compiler::Schema;
use apollo_compiler::ast::{Type, Value};
use apollo_compiler::executable::Field;
use apollo_compiler::schema::ExtendedType;
use serde_json::{Map, Number, Value as Json};

use super::errors::GraphqlError;
use super::selection::Variables;
use super::values;
use crate::time;

/// The arguments of `field`. Objects keep the order of their keys as written, which is the sort order in `order_by`.
/// A variable that was not given leaves its key out.
pub fn arguments(
    schema: &Schema,
    field: &Field,
    variables: &Variables,
) -> Result<Map<String, Json>, GraphqlError> {
    let mut found = Map::new();
    for argument in &field.arguments {
        let Some(definition) = field.definition.argument_by_name(&argument.name) else {
            continue;
        };
        if let Some(mut value) = coerce(schema, &definition.ty, &argument.value, variables)? {
            check_scalars(schema, &definition.ty, &mut value)?;
            found.insert(argument.name.to_string(), value);
        }
    }
    for definition in &field.definition.arguments {
        let name = definition.name.as_str();
        if !found.contains_key(name) && definition.is_required() {
            return Err(GraphqlError::bad_input(format!(
                "Argument \"{name}\" of required type \"{}\" was not provided.",
                definition.ty
            )));
        }
        if !found.contains_key(name)
            && let Some(default) = &definition.default_value
            && let Some(value) = coerce(schema, &definition.ty, default, variables)?
        {
            found.insert(name.to_owned(), value);
        }
    }
    Ok(found)
}

/// Checks the scalars of the mutations, wherever they stand in a value: a `UUID` is put into lower case with hyphens,
/// a `DateTime` must be one. (Those of tables, `uuid` and `timestamptz`, are checked where they meet their column.)
fn check_scalars(schema: &Schema, ty: &Type, value: &mut Json) -> Result<(), GraphqlError> {
    match value {
        Json::Null => Ok(()),
        Json::Array(items) if ty.is_list() => items
            .iter_mut()
            .try_for_each(|item| check_scalars(schema, ty.item_type(), item)),
        value => match (ty.inner_named_type().as_str(), value) {
            ("UUID", Json::String(text)) => {
                *text = values::uuid(text)
                    .map_err(|_| GraphqlError::bad_input(format!("Could not parse UUID: {text}")))?;
                Ok(())
            }
            ("DateTime", Json::String(text)) if time::parse(text).is_none() => {
                Err(GraphqlError::bad_input(format!(
                    "Could not parse DateTime: {text}. ISO 8601 is expected, such as 2026-11-23T04:19:38Z."
                )))
            }
            (scalar @ ("UUID" | "DateTime"), value) if !value.is_string() => Err(GraphqlError::bad_input(
                format!("Could not parse {scalar}: {value}"),
            )),
            (name, Json::Object(object)) => {
                let Some(definition) = schema.get_input_object(name) else {
                    return Ok(());
                };
                object
                    .iter_mut()
                    .try_for_each(|(key, value)| match definition.fields.get(key.as_str()) {
                        Some(field) => check_scalars(schema, &field.ty, value),
                        None => Ok(()),
                    })
            }
            _ => Ok(()),
        },
    }
}

/// `None` where a variable was not given.
fn coerce(
    schema: &Schema,
    ty: &Type,
    value: &Value,
    variables: &Variables,
) -> Result<Option<Json>, GraphqlError> {
    if let Value::Variable(name) = value {
        return Ok(match variables.get(name.as_str()) {
            Some(Json::Null) | None if ty.is_non_null() => {
                return Err(GraphqlError::bad_input(format!(
                    "Variable \"${name}\" is null where \"{ty}\" is expected."
                )));
            }
            given => given.cloned(),
        });
    }
    if value.is_null() {
        return Ok(Some(Json::Null));
    }
    match ty {
        Type::List(item) | Type::NonNullList(item) => {
            let items = match value {
                Value::List(items) => items.as_slice(),
                // GraphQL lets a single value stand for a list of one.
                _ => {
                    return Ok(
                        coerce(schema, item, value, variables)?.map(|single| Json::Array(vec![single]))
                    );
                }
            };
            let items = items
                .iter()
                .filter_map(|item_value| coerce(schema, item, item_value, variables).transpose());
            Ok(Some(Json::Array(items.collect::<Result<_, _>>()?)))
        }
        Type::Named(name) | Type::NonNullNamed(name) => match schema.types.get(name) {
            Some(ExtendedType::InputObject(definition)) => {
                let mut object = Map::new();
                for (key, value) in value.as_object().unwrap_or_default() {
                    let Some(field) = definition.fields.get(key) else {
                        continue;
                    };
                    if let Some(value) = coerce(schema, &field.ty, value, variables)? {
                        object.insert(key.to_string(), value);
                    }
                }
                for (key, field) in &definition.fields {
                    if let Some(default) = &field.default_value
                        && !object.contains_key(key.as_str())
                        && let Some(value) = coerce(schema, &field.ty, default, variables)?
                    {
                        object.insert(key.to_string(), value);
                    }
                }
                Ok(Some(Json::Object(object)))
            }
            _ => literal(name, value, variables).map(Some),
        },
    }
}

/// A scalar or enum literal. A string literal for the scalar `JSON` holds JSON text (contract 1.5).
fn literal(ty: &str, value: &Value, variables: &Variables) -> Result<Json, GraphqlError> {
    match value {
        Value::String(text) if ty == "JSON" => serde_json::from_str(text).map_err(|error| {
            GraphqlError::bad_input(format!(
                "A JSON literal must be a string that holds JSON text: {error}."
            ))
        }),
        value => free(value, variables),
    }
}

/// A literal as JSON, whatever its type.
fn free(value: &Value, variables: &Variables) -> Result<Json, GraphqlError> {
    Ok(match value {
        Value::Null => Json::Null,
        Value::Enum(name) => Json::from(name.as_str()),
        Value::Variable(name) => variables.get(name.as_str()).cloned().unwrap_or_default(),
        Value::String(text) => Json::from(text.as_str()),
        Value::Boolean(value) => Json::from(*value),
        Value::Int(number) => self::number(number.as_str())?,
        Value::Float(number) => self::number(number.as_str())?,
        Value::List(items) => Json::Array(
            items
                .iter()
                .map(|item| free(item, variables))
                .collect::<Result<_, _>>()?,
        ),
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(key, value)| Ok((key.to_string(), free(value, variables)?)));
            Json::Object(fields.collect::<Result<_, GraphqlError>>()?)
        }
    })
}

fn number(text: &str) -> Result<Json, GraphqlError> {
    text.parse::<Number>()
        .map(Json::Number)
        .map_err(|_| GraphqlError::bad_input(format!("The number {text} is too large.")))
}
