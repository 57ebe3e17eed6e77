//! What the parts of the schematic share: the scene, the runs, and what is selected, searched, filtered and seen.

use std::collections::BTreeSet;
use std::sync::Arc;

use flowdeck_vocabulary::StateType;
use leptos::prelude::*;

use super::layout::Rect;
use super::scene::{Look, Related, Scene};
use super::viewport::{Detail, Extent, Viewport};
use crate::lowercase::lowercase;
use crate::model::{CardRun, Direction, GraphTask, SchematicView, StateCount, TaskGraph, count_state_types};

/// Up to so many tasks all cards are in the page; beyond, only those in sight once there is text on them.
const ALL_CARDS: usize = 150;
/// Up to so many tasks cards stand for the blocks of a small picture, too, and each can be reached with the keys.
const ALL_BLOCKS: usize = 400;

/// What the panel of the selected task covers, when there is room beside it: `.schematic .inspector` in the style sheet.
const PANEL: f64 = 340.0;
/// On a canvas narrower than this the panel lies below, and leaves this share of the height.
const NARROW: f64 = 700.0;
const SHEET: f64 = 0.45;

/// Handles only; copying it copies handles.
#[derive(Clone, Copy)]
pub(super) struct Picture {
    /// All tasks and edges.
    pub graph: Signal<TaskGraph>,
    /// What is drawn of them. Tasks are numbered as in here, unless said otherwise.
    pub scene: Memo<Arc<Scene>>,
    /// The run of each task of the graph.
    pub runs: Memo<Arc<Vec<Option<CardRun>>>>,
    /// Whether there is a run at all, and how wide the letters are.
    pub style: Look,
    /// The selected task.
    pub selected: Memo<Option<usize>>,
    /// What the person has chosen to see of it...
    view: Signal<SchematicView>,
    /// ... and asks for another choice.
    on_view: Callback<SchematicView>,
    /// The task under the pointer.
    pub hovered: RwSignal<Option<usize>>,
    /// The task that has the focus.
    pub focused: RwSignal<Option<usize>>,
    /// Which part is seen.
    pub viewport: RwSignal<Viewport>,
    /// Width and height of the canvas on the screen.
    pub window: RwSignal<Extent>,
    /// Whether the next move glides.
    pub glides: RwSignal<bool>,
    /// Whether the person has moved the picture: then it is not fitted again by itself.
    pub is_moved: RwSignal<bool>,
    /// Which way the work flows; `None` as it fits best.
    pub direction: RwSignal<Option<Direction>>,
    /// Whether helper tasks are left out.
    pub hides_helpers: RwSignal<bool>,
    /// Whether only the tasks that failed are drawn, as long as there are any.
    pub only_failed: Memo<bool>,
    /// The states that are shown; empty for all.
    pub filter: Memo<BTreeSet<StateType>>,
    /// What is searched for.
    pub query: RwSignal<String>,
    /// The tasks whose titles hold it; `None` when nothing is searched for.
    pub matches: Memo<Option<Arc<Vec<usize>>>>,
    /// What is up- and downstream of the selected task, or else of the one under the pointer.
    pub related: Memo<Option<Arc<Related>>>,
}

/// What is drawn of the tasks.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Drawn {
    /// Cards for these.
    Cards(Arc<Vec<usize>>),
    /// Blocks for all, in a few paths.
    Blocks,
}

impl Picture {
    pub(super) fn new(
        graph: Signal<TaskGraph>,
        runs: Memo<Arc<Vec<Option<CardRun>>>>,
        style: Look,
        (direction, hides_helpers): (RwSignal<Option<Direction>>, RwSignal<bool>),
        view: Signal<SchematicView>,
        on_view: Callback<SchematicView>,
    ) -> Self {
        let only_failed = Memo::new(move |_| view.with(|view| view.only_failed));
        let hidden = Memo::new(move |_| {
            let hides_helpers = hides_helpers.get();
            let failed = runs.with(|runs| failed(runs)).filter(|_| only_failed.get());
            graph.with(|graph| {
                let is_hidden = |(place, task): (usize, &GraphTask)| {
                    let is_left_out = |failed: &Vec<bool>| !failed.get(place).copied().unwrap_or(false);
                    (hides_helpers && task.is_helper) || failed.as_ref().is_some_and(is_left_out)
                };
                graph
                    .tasks()
                    .iter()
                    .enumerate()
                    .map(is_hidden)
                    .collect::<Vec<bool>>()
            })
        });
        let scene = Memo::new(move |_| {
            hidden.with(|hidden| {
                Arc::new(graph.with(|graph| Scene::new(graph, hidden, style, direction.get())))
            })
        });
        let selected = Memo::new(move |_| {
            let id = view.with(|view| view.task);
            let place = id.and_then(|id| graph.with(|graph| graph.place(id)));
            place.and_then(|place| scene.with(|scene| scene.place(place)))
        });
        let hovered = RwSignal::new(None);
        let related = Memo::new(move |_| {
            let task = selected.get().or_else(|| hovered.get())?;
            scene.with(|scene| (task < scene.tasks.len()).then(|| Arc::new(scene.related(task))))
        });
        let query = RwSignal::new(String::new());
        let matches = Memo::new(move |_| {
            let wanted = lowercase(query.get().trim());
            (!wanted.is_empty()).then(|| {
                let is_match = |task: &GraphTask| {
                    lowercase(&task.title).contains(&wanted) || task.id.to_string() == wanted
                };
                let found = scene.with(|scene| {
                    let graph = graph.get();
                    let tasks = scene.tasks.iter().enumerate();
                    tasks
                        .filter(|(_, place)| is_match(&graph.tasks()[**place]))
                        .map(|(task, _)| task)
                        .collect::<Vec<_>>()
                });
                Arc::new(found)
            })
        });
        Self {
            graph,
            scene,
            runs,
            style,
            selected,
            view,
            on_view,
            hovered,
            focused: RwSignal::new(None),
            viewport: RwSignal::new(Viewport {
                x: 0.0,
                y: 0.0,
                scale: 1.0,
            }),
            window: RwSignal::new(Extent::default()),
            glides: RwSignal::new(false),
            is_moved: RwSignal::new(false),
            direction,
            hides_helpers,
            only_failed,
            filter: Memo::new(move |_| view.with(|view| view.states.clone())),
            query,
            matches,
            related,
        }
    }

    /// A task of the scene.
    pub(super) fn task(self, task: usize) -> Option<GraphTask> {
        let place = self.scene.with(|scene| scene.tasks.get(task).copied())?;
        self.graph.with(|graph| graph.tasks().get(place).cloned())
    }

    /// The run of a task of the scene.
    pub(super) fn run(self, task: usize) -> Option<CardRun> {
        let place = self.scene.with(|scene| scene.tasks.get(task).copied())?;
        self.runs.with(|runs| runs.get(place).cloned().flatten())
    }

    /// The state of a task of the scene.
    pub(super) fn state(self, task: usize) -> Option<StateType> {
        let place = self.scene.with(|scene| scene.tasks.get(task).copied())?;
        self.runs
            .with(|runs| runs.get(place).and_then(|run| run.as_ref().map(|run| run.state)))
    }

    /// Where a task of the scene is.
    pub(super) fn rect(self, task: usize) -> Rect {
        self.scene
            .with(|scene| scene.layout.boxes.get(task).copied().unwrap_or_default())
    }

    /// Whether a task stands back: not in the filter, not found, not related to what is selected.
    pub(super) fn is_dim(self, task: usize) -> bool {
        let is_filtered = self.filter.with(|filter| {
            let is_in = |run: CardRun| run.found_by().any(|state| filter.contains(&state));
            !filter.is_empty() && !self.run(task).is_some_and(is_in)
        });
        let is_unrelated = |related: &Option<Arc<Related>>| {
            related
                .as_ref()
                .is_some_and(|related| !related.tasks.get(task).copied().unwrap_or(false))
        };
        is_filtered
            || self.related.with(is_unrelated)
            || (self.selected.get().is_none()
                && self
                    .matches
                    .with(|found| found.as_ref().is_some_and(|found| !found.contains(&task))))
    }

    /// How much of a task is drawn.
    pub(super) fn detail(self) -> Detail {
        Detail::at(self.viewport.get().scale)
    }

    /// How many tasks are found by each state.
    pub(super) fn counts(self) -> Vec<StateCount> {
        let scene = self.scene.get();
        self.runs.with(|runs| {
            let runs = scene.tasks.iter().filter_map(|&place| runs.get(place)?.as_ref());
            count_state_types(runs.flat_map(CardRun::found_by))
        })
    }

    /// What is drawn now. A few more cards than are in sight, so that a small move draws nothing new.
    pub(super) fn drawn(self) -> Memo<Drawn> {
        let detail = Memo::new(move |_| self.detail());
        let part = Memo::new(move |before: Option<&Rect>| {
            let seen = self.viewport.get().seen(self.window.get());
            match before {
                Some(before) if holds(*before, seen) => *before,
                _ => Rect {
                    x: seen.x - seen.width / 2.0,
                    y: seen.y - seen.height / 2.0,
                    width: seen.width * 2.0,
                    height: seen.height * 2.0,
                },
            }
        });
        Memo::new(move |_| {
            let scene = self.scene.get();
            let all = scene.tasks.len();
            let is_small = detail.get() == Detail::Block;
            if all <= if is_small { ALL_BLOCKS } else { ALL_CARDS } {
                return Drawn::Cards(Arc::new((0..all).collect()));
            }
            if is_small {
                return Drawn::Blocks;
            }
            let mut cards: Vec<usize> = scene.tasks_in(part.get()).collect();
            // The selected card keeps the focus even out of sight.
            if let Some(selected) = self.selected.get().filter(|selected| !cards.contains(selected)) {
                cards.push(selected);
            }
            Drawn::Cards(Arc::new(cards))
        })
    }

    /// Selects a task of the scene, or none.
    pub(super) fn select(self, task: Option<usize>) {
        let id = untrack(|| task.and_then(|task| self.task(task))).map(|task| task.id);
        self.choose(|view| view.task = id);
    }

    /// Shows something else of the tasks.
    pub(super) fn choose(self, change: impl FnOnce(&mut SchematicView)) {
        let mut view = self.view.get_untracked();
        change(&mut view);
        self.on_view.run(view);
    }

    /// The part of the window that the panel of the selected task leaves free.
    pub(super) fn free(self) -> Extent {
        let window = self.window.get_untracked();
        match self.selected.get_untracked() {
            None => window,
            Some(_) if window.width < NARROW => Extent {
                height: window.height * SHEET,
                ..window
            },
            Some(_) => Extent {
                width: window.width - PANEL,
                ..window
            },
        }
    }

    /// Changes what is seen, by the person's hand. `change` gets what is seen, how large the picture is, and the part of
    /// the window that is free.
    pub(super) fn look(self, glides: bool, change: impl FnOnce(Viewport, Extent, Extent) -> Viewport) {
        let (picture, window) = (self.scene.with_untracked(|scene| scene.extent()), self.free());
        self.is_moved.set(true);
        if self.glides.get_untracked() != glides {
            self.glides.set(glides);
        }
        self.viewport
            .update(|viewport| *viewport = change(*viewport, picture, window));
    }

    /// Shows everything.
    pub(super) fn fit(self, glides: bool) {
        self.look(glides, |_, picture, window| Viewport::fit(picture, window));
        self.is_moved.set(false);
    }

    /// Selects a task and brings it into the middle.
    pub(super) fn jump(self, task: usize) {
        self.select(Some(task));
        let rect = untrack(|| self.rect(task));
        self.look(true, |viewport, _, window| viewport.center_on(rect, window));
    }
}

/// Which tasks, or children of theirs, failed; `None` when none did.
pub(super) fn failed(runs: &[Option<CardRun>]) -> Option<Vec<bool>> {
    let is_failed = |run: &Option<CardRun>| {
        let has_failed = |run: &CardRun| run.found_by().any(StateType::is_failed);
        run.as_ref().is_some_and(has_failed)
    };
    runs.iter()
        .any(is_failed)
        .then(|| runs.iter().map(is_failed).collect())
}

/// Whether `outer` holds `inner`, and is not so much larger that it holds far too many cards.
fn holds(outer: Rect, inner: Rect) -> bool {
    outer.x <= inner.x
        && outer.y <= inner.y
        && inner.x + inner.width <= outer.x + outer.width
        && inner.y + inner.height <= outer.y + outer.height
        && outer.width <= inner.width * 3.0
}
