//! From text to a valid document: parsing, limits, validation, and a memory of documents seen before.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use apollo_compiler::ast;
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Name, Schema};

use super::errors::{GraphqlError, PARSE_FAILED, VALIDATION_FAILED, diagnostics};
use crate::config::Limits;

/// Nesting the parser follows, counted over selections and values alike. Far above what the limit of depth lets
/// through, far below what a thread's stack holds.
const PARSER_RECURSION: usize = 256;

/// Words and signs in one document. Large values belong into variables.
const PARSER_TOKENS: usize = 100_000;

/// Documents remembered in each of two generations, and the longest text worth remembering.
const REMEMBERED: usize = 256;
const LONGEST_REMEMBERED: usize = 16 * 1024;

/// Parses and validates documents. Clients send the same texts again and again, so it remembers them.
pub struct Documents {
    schema: Arc<Valid<Schema>>,
    limits: Limits,
    memory: Mutex<Memory>,
}

type Document = Arc<Valid<ExecutableDocument>>;

/// Two generations: when the young one is full it becomes the old one. What is in use moves back by being asked for.
#[derive(Default)]
struct Memory {
    young: HashMap<String, Document>,
    old: HashMap<String, Document>,
}

impl Memory {
    fn get(&mut self, text: &str) -> Option<Document> {
        if let Some(document) = self.young.get(text) {
            return Some(document.clone());
        }
        let (text, document) = self.old.remove_entry(text)?;
        self.insert(text, document.clone());
        Some(document)
    }

    fn insert(&mut self, text: String, document: Document) {
        if self.young.len() >= REMEMBERED {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(text, document);
    }
}

impl Documents {
    /// Documents for this schema, within these limits.
    pub fn new(schema: Arc<Valid<Schema>>, limits: Limits) -> Documents {
        Documents {
            schema,
            limits,
            memory: Mutex::default(),
        }
    }

    /// The valid document this text stands for, or what is wrong with it (HTTP 400).
    pub fn read(&self, text: &str) -> Result<Document, Vec<GraphqlError>> {
        if let Some(known) = self.memory().get(text) {
            return Ok(known);
        }
        let document = Arc::new(self.parse(text)?);
        if text.len() <= LONGEST_REMEMBERED {
            self.memory().insert(text.to_owned(), document.clone());
        }
        Ok(document)
    }

    fn memory(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn parse(&self, text: &str) -> Result<Valid<ExecutableDocument>, Vec<GraphqlError>> {
        let mut parser = Parser::new()
            .recursion_limit(PARSER_RECURSION)
            .token_limit(PARSER_TOKENS);
        let ast = match parser.parse_ast(text, "query") {
            Ok(ast) => ast,
            Err(_) if parser.recursion_reached() > PARSER_RECURSION => return Err(vec![self.too_deep(None)]),
            Err(failed) => return Err(diagnostics(PARSE_FAILED, &failed.errors)),
        };
        // Before validation, whose work grows with the depth.
        if let Some(depth) = self.excessive_depth(&ast) {
            return Err(vec![self.too_deep(Some(depth))]);
        }
        // In two steps: a field that does not exist would otherwise also be reported as an empty selection around it.
        let fits = |list: &DiagnosticList| diagnostics(VALIDATION_FAILED, list);
        let executable = ast
            .to_executable(&self.schema)
            .map_err(|failed| fits(&failed.errors))?;
        executable
            .validate(&self.schema)
            .map_err(|failed| fits(&failed.errors))
    }

    fn too_deep(&self, depth: Option<usize>) -> GraphqlError {
        let most = self.limits.depth;
        let message = match depth {
            Some(depth) => format!("The document is nested {depth} levels deep; at most {most} are allowed."),
            None => format!("The document is nested too deep; at most {most} levels are allowed."),
        };
        GraphqlError::new(VALIDATION_FAILED, message)
    }

    fn excessive_depth(&self, document: &ast::Document) -> Option<usize> {
        let fragments = document
            .definitions
            .iter()
            .filter_map(|definition| match definition {
                ast::Definition::FragmentDefinition(fragment) => {
                    Some((&fragment.name, &fragment.selection_set))
                }
                _ => None,
            });
        let mut depths = Depths {
            fragments: fragments.collect(),
            known: HashMap::new(),
        };
        let operations = document
            .definitions
            .iter()
            .filter_map(|definition| match definition {
                ast::Definition::OperationDefinition(operation) => Some(&operation.selection_set),
                _ => None,
            });
        operations
            .map(|set| depths.of(set))
            .max()
            .filter(|depth| *depth > self.limits.depth)
    }
}

/// Measures how deep selections nest, through fragments. A cycle counts as 0 here; the validator names it.
struct Depths<'a> {
    fragments: HashMap<&'a Name, &'a Vec<ast::Selection>>,
    known: HashMap<&'a Name, usize>,
}

impl<'a> Depths<'a> {
    fn of(&mut self, set: &'a [ast::Selection]) -> usize {
        set.iter()
            .map(|selection| self.of_selection(selection))
            .max()
            .unwrap_or(0)
    }

    fn of_selection(&mut self, selection: &'a ast::Selection) -> usize {
        match selection {
            ast::Selection::Field(field) if matches!(field.name.as_str(), "__schema" | "__type") => 1,
            ast::Selection::Field(field) => 1 + self.of(&field.selection_set),
            ast::Selection::InlineFragment(inline) => self.of(&inline.selection_set),
            ast::Selection::FragmentSpread(spread) => {
                if let Some(depth) = self.known.get(&spread.fragment_name) {
                    return *depth;
                }
                let Some((name, set)) = self.fragments.get_key_value(&spread.fragment_name) else {
                    return 0;
                };
                let (name, set) = (*name, *set);
                self.known.insert(name, 0);
                let depth = self.of(set);
                self.known.insert(name, depth);
                depth
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents() -> Documents {
        let schema = Schema::parse_and_validate(super::super::schema_sdl(), "schema.graphql").unwrap();
        Documents::new(Arc::new(schema), Limits::default())
    }

    fn refused(text: &str) -> GraphqlError {
        documents().read(text).unwrap_err().remove(0)
    }

    #[test]
    fn depth_is_refused_before_it_can_hurt() {
        let nested = |levels: usize| {
            format!(
                "{{ flow {{ {} id {} }} }}",
                "project { flows { ".repeat(levels),
                "} }".repeat(levels)
            )
        };
        assert!(documents().read(&nested(5)).is_ok());
        assert_eq!(
            refused(&nested(49)).message,
            "The document is nested 100 levels deep; at most 12 are allowed."
        );
        let error = refused(&nested(50_000));
        assert_eq!(
            error.message,
            "The document is nested too deep; at most 12 levels are allowed."
        );
        assert_eq!(error.extensions.code, VALIDATION_FAILED);
    }

    #[test]
    fn depth_counts_through_fragments_and_survives_cycles() {
        let chain: String = (0..12)
            .map(|n| {
                format!(
                    "fragment f{n} on flow {{ project {{ flows {{ ...f{} }} }} }} ",
                    n + 1
                )
            })
            .collect();
        let text = format!("{{ flow {{ ...f0 }} }} {chain} fragment f12 on flow {{ id }}");
        assert!(
            refused(&text).message.contains("nested 26 levels"),
            "{}",
            refused(&text).message
        );
        let cycle = "{ flow { ...a } } fragment a on flow { project { flows { ...a } } }";
        assert!(
            refused(cycle)
                .message
                .contains("Cannot spread fragment \"a\" within itself")
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place_and_code() {
        let syntax = refused("{ flow { id }");
        assert_eq!(syntax.extensions.code, PARSE_FAILED);
        let unknown = refused("{\n  flow { idd }\n}");
        assert_eq!(unknown.message, "Cannot query field \"idd\" on type \"flow\".");
        assert_eq!((unknown.locations[0].line, unknown.locations[0].column), (2, 10));
        assert_eq!(unknown.extensions.code, VALIDATION_FAILED);
        assert_eq!(refused("").extensions.code, PARSE_FAILED);
    }
}
