//! Handles: what a flow under construction knows of a task's result, with its type.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;
use std::time::Duration;

use flowdeck_vocabulary::State;
use serde::Serialize;
use serde_json::Value;

use crate::builder::Draft;
use crate::trigger::Trigger;

/// The result of a task that will be a `T`.
pub struct Handle<T> {
    pub(crate) task: TaskRef,
    result: PhantomData<fn() -> T>,
}

/// The results of a mapped task: one `T` for each child. Passed to `call` it is a `Vec<T>`; passed to `map`
/// it is mapped over, child by child.
pub struct Mapped<T> {
    pub(crate) task: TaskRef,
    result: PhantomData<fn() -> T>,
}

/// One task of one flow under construction.
#[derive(Clone)]
pub struct TaskRef {
    pub(crate) draft: Rc<RefCell<Draft>>,
    pub(crate) index: usize,
}

/// Any handle, whatever its type: for edges without data and reference tasks.
pub trait AnyHandle {
    /// The task it stands for.
    fn task_ref(&self) -> &TaskRef;
}

macro_rules! handles {
    ($($handle:ident),*) => {$(
        impl<T> $handle<T> {
            pub(crate) fn new(task: TaskRef) -> Self {
                Self { task, result: PhantomData }
            }

            /// Runs only after that task has ended, without taking its result.
            pub fn after(self, upstream: &dyn AnyHandle) -> Self {
                Draft::add_edge(&self.task, upstream.task_ref(), None, false);
                self
            }

            /// Under another name than the function's.
            pub fn with_name(self, name: impl Into<String>) -> Self {
                self.task.change(|task| task.name = name.into());
                self
            }

            /// How often a failed run is tried again.
            pub fn with_retries(self, retries: u32) -> Self {
                self.task.change(|task| task.retries = retries);
                self
            }

            /// How long to wait before trying again.
            pub fn with_retry_delay(self, delay: Duration) -> Self {
                self.task.change(|task| task.retry_delay = delay);
                self
            }

            /// How long one attempt may take.
            pub fn with_timeout(self, timeout: Duration) -> Self {
                self.task.change(|task| task.timeout = Some(timeout));
                self
            }

            /// What has to be true of the states upstream.
            pub fn with_trigger(self, trigger: Trigger) -> Self {
                self.task.change(|task| task.trigger = trigger);
                self
            }

            /// Whether it is skipped when any task upstream was.
            pub fn with_skip_on_upstream_skip(self, skip: bool) -> Self {
                self.task.change(|task| task.skip_on_upstream_skip = Some(skip));
                self
            }

            /// How long a result may be used again for the same inputs.
            pub fn with_cache_for(self, duration: Duration) -> Self {
                self.task.change(|task| task.cache_for = Some(duration));
                self
            }

            /// Words to find the task by.
            pub fn with_tags<W: Into<String>>(self, tags: impl IntoIterator<Item = W>) -> Self {
                self.task.change(|task| task.tags = tags.into_iter().map(Into::into).collect());
                self
            }

            /// Calls the function at each change of this task's states, with the old and the new one.
            pub fn on_state_change(self, handler: impl FnMut(&State, &State) + Send + 'static) -> Self {
                self.task.change(|task| *task = task.clone().on_state_change(handler));
                self
            }
        }

        impl<T> Clone for $handle<T> {
            fn clone(&self) -> Self {
                Self::new(self.task.clone())
            }
        }

        impl<T> AnyHandle for $handle<T> {
            fn task_ref(&self) -> &TaskRef {
                &self.task
            }
        }
    )*};
}

handles!(Handle, Mapped);

impl<T> Mapped<T> {
    /// Child `n` runs only after child `n` of that mapped task has ended, without taking its result.
    pub fn after_each<U>(self, upstream: &Mapped<U>) -> Self {
        Draft::add_edge(&self.task, upstream.task_ref(), None, true);
        self
    }
}

impl TaskRef {
    fn change(&self, change: impl FnOnce(&mut crate::task::TaskDefinition)) {
        change(&mut self.draft.borrow_mut().tasks[self.index].definition);
    }
}

/// One input of a task in a flow.
pub struct Input {
    pub(crate) source: Source,
    pub(crate) mapped: bool,
}

pub(crate) enum Source {
    /// A value known when the flow is built; the text says why it cannot be written as JSON.
    Constant(Result<Value, String>),
    /// The result of another task.
    Task(TaskRef),
}

impl Input {
    fn constant(value: impl Serialize, mapped: bool) -> Self {
        let value = serde_json::to_value(value).map_err(|error| error.to_string());
        Self {
            source: Source::Constant(value),
            mapped,
        }
    }

    fn task(handle: &dyn AnyHandle, mapped: bool) -> Self {
        Self {
            source: Source::Task(handle.task_ref().clone()),
            mapped,
        }
    }
}

/// What can be passed where a task takes a `T`: a constant, or the handle of a task that answers one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no input for an argument of type `{T}`",
    label = "expected a `{T}`, a `&Handle<{T}>`, or a `&Mapped<…>` for a list"
)]
pub trait IntoInput<T> {
    /// The input as the flow keeps it.
    fn into_input(self) -> Input;
}

/// What can be passed where a mapped task takes a `T`: a list of them (a handle of a list, a mapped task, a
/// `Vec`) is mapped over; one alone (a constant, a handle) is the same for every child.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no input for a mapped argument of type `{T}`",
    label = "expected a `Vec<{T}>`, a `&Handle<Vec<{T}>>` or a `&Mapped<{T}>` to map over, or a `{T}` or `&Handle<{T}>` for all"
)]
pub trait IntoMapInput<T> {
    /// The input as the flow keeps it.
    fn into_map_input(self) -> Input;
}

macro_rules! inputs {
    ($(<$t:ident> $target:ty, $method:ident of $trait:ident, $from:ty, mapped: $mapped:literal;)*) => {$(
        impl<$t> $trait<$target> for &$from {
            fn $method(self) -> Input {
                Input::task(self, $mapped)
            }
        }

        impl<$t> $trait<$target> for $from {
            fn $method(self) -> Input {
                Input::task(&self, $mapped)
            }
        }
    )*};
}

inputs! {
    <T> T, into_input of IntoInput, Handle<T>, mapped: false;
    // A task that may run although the one upstream has no result takes an `Option`.
    <T> Option<T>, into_input of IntoInput, Handle<T>, mapped: false;
    <T> Vec<T>, into_input of IntoInput, Mapped<T>, mapped: false;
    // Failed and skipped children have no result: such a reduction takes `Vec<Option<T>>`.
    <T> Vec<Option<T>>, into_input of IntoInput, Mapped<T>, mapped: false;
    <T> T, into_map_input of IntoMapInput, Handle<T>, mapped: false;
    <T> T, into_map_input of IntoMapInput, Handle<Vec<T>>, mapped: true;
    <T> T, into_map_input of IntoMapInput, Mapped<T>, mapped: true;
    <T> Option<T>, into_map_input of IntoMapInput, Mapped<T>, mapped: true;
}

impl<T: Serialize> IntoInput<T> for T {
    fn into_input(self) -> Input {
        Input::constant(self, false)
    }
}

impl IntoInput<String> for &str {
    fn into_input(self) -> Input {
        Input::constant(self, false)
    }
}

impl<T: Serialize> IntoMapInput<T> for T {
    fn into_map_input(self) -> Input {
        Input::constant(self, false)
    }
}

impl IntoMapInput<String> for &str {
    fn into_map_input(self) -> Input {
        Input::constant(self, false)
    }
}

impl<T: Serialize> IntoMapInput<T> for Vec<T> {
    fn into_map_input(self) -> Input {
        Input::constant(self, true)
    }
}

/// Maps over a result whose type does not say that it is a list (a `serde_json::Value`, say).
#[must_use]
pub fn each<T>(handle: &Handle<T>) -> Each {
    Each(Input::task(handle, true))
}

/// Gives every child the whole of a result, even where its type would be mapped over.
#[must_use]
pub fn unmapped(handle: &dyn AnyHandle) -> Unmapped {
    Unmapped(Input::task(handle, false))
}

/// What [`each`] answers: an input to map over, of any type.
pub struct Each(Input);

/// What [`unmapped`] answers: an input for every child, of any type.
pub struct Unmapped(Input);

impl<T> IntoMapInput<T> for Each {
    fn into_map_input(self) -> Input {
        self.0
    }
}

impl<T> IntoMapInput<T> for Unmapped {
    fn into_map_input(self) -> Input {
        self.0
    }
}
