//! Which fields an object is asked for: fragments unfolded, `@skip` and `@include` applied, equal keys merged.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::Node;
use apollo_compiler::ast::{DirectiveList, Value};
use apollo_compiler::executable::{Field, Selection, SelectionSet};
use serde_json::{Map, Value as Json};

use super::errors::{GraphqlError, VALIDATION_FAILED};

/// The variables of an operation after coercion; an unset one is absent.
pub type Variables = Map<String, Json>;

/// One field of an answer.
pub struct Selected<'a> {
    /// Its key in the answer: the alias, or the field's own name.
    pub key: &'a str,
    /// The field. Validation has made sure that all merged ones have the same name and arguments.
    pub field: &'a Node<Field>,
    /// What is selected of its value, once for each time the field was written.
    pub sets: Vec<&'a SelectionSet>,
}

/// Reads selections of one operation and counts the fields it meets.
pub struct Collector<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    fields_left: usize,
    most_fields: usize,
}

impl<'a> Collector<'a> {
    /// A collector that refuses to meet more than `most_fields` fields.
    pub fn new(
        document: &'a ExecutableDocument,
        variables: &'a Variables,
        most_fields: usize,
    ) -> Collector<'a> {
        Collector {
            document,
            variables,
            fields_left: most_fields,
            most_fields,
        }
    }

    /// The fields these selections ask for, in the order they are first met.
    pub fn collect(&mut self, sets: &[&'a SelectionSet]) -> Result<Vec<Selected<'a>>, GraphqlError> {
        let mut fields = Vec::new();
        for set in sets {
            self.collect_set(set, &mut fields)?;
        }
        Ok(fields)
    }

    fn collect_set(
        &mut self,
        set: &'a SelectionSet,
        fields: &mut Vec<Selected<'a>>,
    ) -> Result<(), GraphqlError> {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) if self.wanted(&field.directives) => self.add(field, fields)?,
                Selection::InlineFragment(inline) if self.wanted(&inline.directives) => {
                    self.collect_set(&inline.selection_set, fields)?;
                }
                Selection::FragmentSpread(spread) if self.wanted(&spread.directives) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name) {
                        self.collect_set(&fragment.selection_set, fields)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn add(&mut self, field: &'a Node<Field>, fields: &mut Vec<Selected<'a>>) -> Result<(), GraphqlError> {
        self.fields_left = self.fields_left.checked_sub(1).ok_or_else(|| {
            let most = self.most_fields;
            GraphqlError::new(
                VALIDATION_FAILED,
                format!("The operation selects more than {most} fields, the most allowed."),
            )
        })?;
        let key = field.response_key().as_str();
        match fields.iter_mut().find(|known| known.key == key) {
            Some(known) => known.sets.push(&field.selection_set),
            None => fields.push(Selected {
                key,
                field,
                sets: vec![&field.selection_set],
            }),
        }
        Ok(())
    }

    fn wanted(&self, directives: &DirectiveList) -> bool {
        let condition = |name: &str| {
            let value = directives.get(name)?.specified_argument_by_name("if")?;
            match value.as_ref() {
                Value::Boolean(value) => Some(*value),
                Value::Variable(name) => self.variables.get(name.as_str())?.as_bool(),
                _ => None,
            }
        };
        condition("skip") != Some(true) && condition("include") != Some(false)
    }
}
