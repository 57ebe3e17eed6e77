//! Runs one operation: all reads of tables in one snapshot, mutations one after the other, and prints the answer.

use std::sync::{Arc, LazyLock};

use apollo_compiler::collections::HashMap;
use apollo_compiler::executable::Operation;
use apollo_compiler::response::{JsonMap, serde_json_bytes};
use apollo_compiler::schema::Implementers;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Schema, introspection, request as coercion};
use serde_json::{Map, Value as Json};

use super::answer::{self, FieldResult, opening};
use super::arguments::arguments;
use super::compile::Compiler;
use super::document::Documents;
use super::errors::{BAD_REQUEST, BAD_USER_INPUT, GraphqlError, VALIDATION_FAILED};
use super::project::{project, push_json};
use super::read::Read;
use super::request::Request;
use super::schema_sdl;
use super::selection::{Collector, Selected, Variables};
use crate::config::Limits;
use crate::context::Context;
use crate::error::Error;
use crate::store::functions::{TOO_MANY_BYTES, TOO_MANY_ROWS};
use crate::{mutations, queries};

/// The schema and what is needed to run documents against it. One for the whole server.
pub struct Engine {
    schema: Arc<Valid<Schema>>,
    implementers: HashMap<Name, Implementers>,
    documents: Documents,
    limits: Limits,
}

/// The schema, read once for all servers of a process.
static SCHEMA: LazyLock<Result<Arc<Valid<Schema>>, String>> = LazyLock::new(|| {
    Schema::parse_and_validate(schema_sdl(), "schema.graphql")
        .map(Arc::new)
        .map_err(|failed| failed.errors.to_string())
});

/// The answer to one operation.
pub struct Answer {
    /// Whether the request itself was at fault: HTTP 400 and no `data`.
    pub is_refused: bool,
    /// The JSON text.
    pub text: String,
}

/// Why there is no answer with `data`.
type Refusal = Vec<GraphqlError>;

impl Engine {
    /// The engine for this version's schema.
    ///
    /// # Errors
    /// The schema is not valid, which a test rules out.
    pub fn new(limits: Limits) -> Result<Engine, Error> {
        let schema = SCHEMA.clone().map_err(Error::Internal)?;
        let implementers = schema.implementers_map();
        Ok(Engine {
            documents: Documents::new(schema.clone(), limits),
            schema,
            implementers,
            limits,
        })
    }

    /// Runs one request, whose answer may have up to `room` bytes.
    pub async fn execute(&self, context: &Context, request: Request, room: usize) -> Answer {
        match self.answer(context, request, room).await {
            Ok(text) => Answer {
                is_refused: false,
                text,
            },
            Err(errors) => refused(&errors),
        }
    }

    async fn answer(&self, context: &Context, request: Request, room: usize) -> Result<String, Refusal> {
        if room == 0 {
            return Err(one(GraphqlError::new(BAD_REQUEST, self.too_large())));
        }
        let document = self.documents.read(&request.query)?;
        let operation = document
            .operations
            .get(request.operation_name.as_deref())
            .map_err(|error| vec![GraphqlError::new(VALIDATION_FAILED, error.message().to_string())])?;
        let coerced = self.variables(&document, operation, request.variables)?;
        let variables = into_json(&coerced);
        let mut collector = Collector::new(&document, &variables, self.limits.fields);
        let roots = collector.collect(&[&operation.selection_set]).map_err(one)?;
        if roots.len() > self.limits.root_fields {
            return Err(one(GraphqlError::new(
                VALIDATION_FAILED,
                format!(
                    "The operation has {} root fields; at most {} are allowed.",
                    roots.len(),
                    self.limits.root_fields
                ),
            )));
        }
        let run = Run {
            engine: self,
            context,
            document: &document,
            operation,
            variables: &variables,
            room,
        };
        let results = if operation.is_mutation() {
            run.mutations(&mut collector, &roots).await?
        } else {
            run.queries(&mut collector, &roots, &coerced).await?
        };
        answer::print(&roots, results)
    }

    fn too_large(&self) -> String {
        format!(
            "The answer is larger than {} bytes, the most for one request. Ask for less: a smaller limit, fewer fields, or in several requests.",
            self.limits.answer_bytes
        )
    }

    fn variables(
        &self,
        document: &Valid<ExecutableDocument>,
        operation: &Operation,
        given: Map<String, Json>,
    ) -> Result<Valid<JsonMap>, Refusal> {
        let given: JsonMap = given
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        coercion::coerce_variable_values(&self.schema, operation, &given).map_err(|error| {
            let message = error.message().to_string();
            one(GraphqlError::new(BAD_USER_INPUT, message).at(error.location(), &document.sources))
        })
    }
}

fn into_json(coerced: &JsonMap) -> Variables {
    coerced
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), plain(value)))
        .collect()
}

/// apollo-compiler has a JSON type of its own; the rest of the server speaks serde_json's.
fn plain(value: &serde_json_bytes::Value) -> Json {
    match value {
        serde_json_bytes::Value::Null => Json::Null,
        serde_json_bytes::Value::Bool(value) => Json::Bool(*value),
        serde_json_bytes::Value::Number(number) => Json::Number(number.clone()),
        serde_json_bytes::Value::String(text) => Json::String(text.as_str().to_owned()),
        serde_json_bytes::Value::Array(items) => Json::Array(items.iter().map(plain).collect()),
        serde_json_bytes::Value::Object(object) => Json::Object(into_json(object)),
    }
}

fn one(error: GraphqlError) -> Refusal {
    vec![error]
}

/// An answer without `data`.
pub fn refused(errors: &[GraphqlError]) -> Answer {
    Answer {
        is_refused: true,
        text: serde_json::json!({ "errors": errors }).to_string(),
    }
}

/// One operation on its way.
struct Run<'a> {
    engine: &'a Engine,
    context: &'a Context,
    document: &'a Valid<ExecutableDocument>,
    operation: &'a Operation,
    variables: &'a Variables,
    room: usize,
}

impl<'a> Run<'a> {
    async fn mutations(
        &self,
        collector: &mut Collector<'a>,
        roots: &[Selected<'a>],
    ) -> Result<Vec<FieldResult>, Refusal> {
        // All arguments are read before the first mutation runs: nonsense in the last one changes nothing.
        let inputs = roots
            .iter()
            .map(|root| self.arguments(root))
            .collect::<Result<Vec<_>, _>>()
            .map_err(one)?;
        let mut results = Vec::with_capacity(roots.len());
        for ((index, root), mut arguments) in roots.iter().enumerate().zip(inputs) {
            let name = root.field.name.as_str();
            results.push(if name == "__typename" {
                Ok(format!(
                    "{}\"{}\"",
                    opening(index, root.key),
                    self.operation.object_type()
                ))
            } else {
                let input = arguments.remove("input").unwrap_or_default();
                let payload = mutations::execute(self.context, name, input).await;
                self.projected(collector, root, index, payload)
            });
        }
        Ok(results)
    }

    async fn queries(
        &self,
        collector: &mut Collector<'a>,
        roots: &[Selected<'a>],
        coerced: &Valid<JsonMap>,
    ) -> Result<Vec<FieldResult>, Refusal> {
        let mut compiled: Vec<Option<Read>> = Vec::with_capacity(roots.len());
        let mut custom: Vec<Option<Variables>> = Vec::with_capacity(roots.len());
        for root in roots {
            let mut compiler = Compiler {
                schema: &self.engine.schema,
                variables: self.variables,
                collector,
                limits: self.engine.limits,
            };
            let query = compiler
                .root(root)
                .map_err(|error| one(self.placed(error, root)))?;
            let is_custom = query.is_none() && !root.field.name.starts_with("__");
            compiled.push(query);
            custom.push(if is_custom {
                Some(self.arguments(root).map_err(one)?)
            } else {
                None
            });
        }
        let mut introspected = self.introspect(roots, coerced)?;
        let mut read = self.read(roots, compiled).await.into_iter();
        let mut results = Vec::with_capacity(roots.len());
        let mut room = self.room;
        for ((index, root), arguments) in roots.iter().enumerate().zip(custom) {
            let result = if let Some(read) = read.next().flatten() {
                read.map_err(|error| self.failed(root, &error))
            } else if let Some(arguments) = arguments {
                let value = queries::execute(self.context, &root.field.name, arguments).await;
                self.projected(collector, root, index, value)
            } else {
                let mut text = opening(index, root.key);
                push_json(&mut text, &introspected.remove(root.key).unwrap_or_default());
                Ok(text)
            };
            // What was not read from tables counts, too.
            results.push(result.and_then(|text| {
                room = room
                    .checked_sub(text.len())
                    .ok_or_else(|| self.failed(root, &Error::internal(TOO_MANY_BYTES)))?;
                Ok(text)
            }));
        }
        Ok(results)
    }

    /// Runs the statements in one transaction, so that all root fields see the same moment.
    async fn read(
        &self,
        roots: &[Selected<'a>],
        compiled: Vec<Option<Read>>,
    ) -> Vec<Option<Result<String, Error>>> {
        let are_reads: Vec<bool> = compiled.iter().map(Option::is_some).collect();
        if !are_reads.contains(&true) {
            return are_reads.iter().map(|_| None).collect();
        }
        let openings: Vec<String> = roots
            .iter()
            .enumerate()
            .map(|(index, root)| opening(index, root.key))
            .collect();
        let room = self.room;
        let run = self.context.store.read(move |db| {
            db.room().set(room);
            let reads = compiled
                .into_iter()
                .zip(openings)
                .map(|(read, mut text)| read.map(|read| read.run(db, &mut text).map(|()| text)));
            Ok(reads.collect::<Vec<_>>())
        });
        match run.await {
            Ok(results) => results,
            Err(error) => are_reads
                .iter()
                .map(|is_read| is_read.then(|| Err(error.clone())))
                .collect(),
        }
    }

    fn introspect(
        &self,
        roots: &[Selected<'a>],
        coerced: &Valid<JsonMap>,
    ) -> Result<Map<String, Json>, Refusal> {
        if !roots.iter().any(|root| root.field.name.starts_with("__")) {
            return Ok(Map::new());
        }
        let refuse = |error: coercion::RequestError| {
            let message = error.message().to_string();
            one(GraphqlError::new(VALIDATION_FAILED, message).at(error.location(), &self.document.sources))
        };
        introspection::check_max_depth(self.document, self.operation).map_err(refuse)?;
        let response = introspection::partial_execute(
            &self.engine.schema,
            &self.engine.implementers,
            self.document,
            self.operation,
            coerced,
        )
        .map_err(refuse)?;
        Ok(into_json(&response.data.unwrap_or_default()))
    }

    fn arguments(&self, root: &Selected<'a>) -> Result<Variables, GraphqlError> {
        arguments(&self.engine.schema, root.field, self.variables).map_err(|error| self.placed(error, root))
    }

    fn projected(
        &self,
        collector: &mut Collector<'a>,
        root: &Selected<'a>,
        index: usize,
        value: Result<Json, Error>,
    ) -> FieldResult {
        let value = value.map_err(|error| self.failed(root, &error))?;
        let mut text = opening(index, root.key);
        project(&mut text, collector, root, &value).map_err(|error| self.placed(error, root))?;
        Ok(text)
    }

    fn failed(&self, root: &Selected<'a>, error: &Error) -> GraphqlError {
        let error = match error {
            Error::Internal(message) if message.contains(TOO_MANY_ROWS) => Error::client(format!(
                "\"{}\" has more than {} rows. Ask for them in pages with limit and offset, or narrow the filter.",
                root.field.name, self.engine.limits.rows
            )),
            Error::Internal(message) if message.contains(TOO_MANY_BYTES) => {
                Error::client(self.engine.too_large())
            }
            Error::Internal(message) | Error::Unavailable(message) => {
                tracing::error!(field = %root.field.name, "{message}");
                error.clone()
            }
            other => other.clone(),
        };
        self.placed(GraphqlError::from(&error), root)
    }

    fn placed(&self, error: GraphqlError, root: &Selected<'a>) -> GraphqlError {
        error
            .at(root.field.location(), &self.document.sources)
            .of_field(root.key)
    }
}
