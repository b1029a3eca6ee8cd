//! Which behaviour a call gets.

use std::collections::HashMap;

use parking_lot::Mutex;

use crate::behaviour::Behaviour;
use crate::names::behaviour_of_name;

/// So many names are counted for `first-N`; beyond that the counts start again.
const COUNTED_NAMES: usize = 10_000;

/// Behaviours given to keys and models, and how many calls each of them had.
#[derive(Debug, Default)]
pub(crate) struct Registry(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    default: Behaviour,
    given: HashMap<String, Behaviour>,
    calls: HashMap<String, u32>,
}

impl Registry {
    pub(crate) fn new(default: Behaviour) -> Self {
        Self(Mutex::new(State { default, ..State::default() }))
    }

    pub(crate) fn set(&self, name: &str, behaviour: Behaviour) {
        let mut state = self.0.lock();
        state.calls.remove(name);
        state.given.insert(name.to_owned(), behaviour);
    }

    pub(crate) fn clear(&self, name: &str) {
        let mut state = self.0.lock();
        state.calls.remove(name);
        state.given.remove(name);
    }

    pub(crate) fn set_default(&self, behaviour: Behaviour) {
        self.0.lock().default = behaviour;
    }

    /// The behaviour of the next call: what was given to its key or else its model, or else what the
    /// name of the key or the model says, or else the default.
    pub(crate) fn next(&self, key: &str, model: &str) -> Behaviour {
        let mut state = self.0.lock();
        let given = |name: &&str| state.given.get(*name).cloned().map(|it| (name.to_string(), it));
        let named = |name: &&str| behaviour_of_name(name).map(|it| (name.to_string(), it));
        let names = [key, model];
        let found = names.iter().find_map(given).or_else(|| names.iter().find_map(named));
        let (name, mut behaviour) = found.unwrap_or_else(|| (String::new(), state.default.clone()));
        if behaviour.fault_first.is_some_and(|first| state.count(name) > first) {
            behaviour.fault = None;
        }
        behaviour.or_delays_of(&state.default)
    }
}

impl State {
    fn count(&mut self, name: String) -> u32 {
        if self.calls.len() >= COUNTED_NAMES {
            self.calls.clear();
        }
        let calls = self.calls.entry(name).or_default();
        *calls = calls.saturating_add(1);
        *calls
    }
}
