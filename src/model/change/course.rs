//! What every kind of change has: its stages, states and transitions, in their order.

use crate::model::{Release, Scheme, Stage, State};

/// The stages and the states of a kind of change, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    pub(super) legs: &'static [Leg],
    /// The states.
    pub(super) states: &'static [State],
    /// The states on a database that cannot relax a column (SQLite).
    pub(super) states_unrelaxed: &'static [State],
    /// The steps before which the copy must be proven equal.
    pub(super) proofs: &'static [(State, State)],
    /// Whether the contract may be in the release of the stages before it.
    pub(super) contract_may_join: MayJoin,
    /// True if a name that a process uses may be gone at any moment, and come to mean another column.
    pub moves_name: bool,
    /// True if the code does without the column, which is gone at the end.
    pub drops: bool,
    /// True if the column has its first name again once the change is complete.
    pub keeps_name: bool,
    /// True if the first stage may make the whole change, where the database can do it at once.
    pub may_be_at_once: bool,
}

/// Whether a contract may be in the release of the stages before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MayJoin {
    Never,
    /// If releases are builds or dates, which come so often that none of them lasts.
    IfNotSemver,
    Always,
}

/// A stage, and the state in which it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Leg {
    pub stage: Stage,
    pub ends_in: State,
}

/// One row of a transition table: a step between two adjacent states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Transition {
    /// The state left.
    pub before: State,
    /// The state entered.
    pub after: State,
    /// True if the copy must be proven equal before the new state may be published.
    pub proof: bool,
    /// True if every live instance must have acknowledged `before` first. False only for the first
    /// step, before which only one state has ever been published.
    pub acknowledged: bool,
}

impl Course {
    /// The stages, in running order.
    pub fn stages(&self) -> impl DoubleEndedIterator<Item = Stage> + '_ {
        self.legs.iter().map(|leg| leg.stage)
    }

    /// Returns true if the contract may be in this release, which is that of the stages before it.
    #[must_use]
    pub fn contract_may_join(&self, release: &Release) -> bool {
        match self.contract_may_join {
            MayJoin::Never => false,
            MayJoin::IfNotSemver => release.scheme() != Scheme::Semver,
            MayJoin::Always => true,
        }
    }

    /// Returns true if nobody has to look at the contract when it comes into the release of the stages
    /// before it.
    #[must_use]
    pub fn contract_always_joins(&self) -> bool {
        self.contract_may_join == MayJoin::Always
    }

    /// The stage before this one, if any.
    #[must_use]
    pub fn previous(&self, stage: Stage) -> Option<Stage> {
        self.stages().take_while(|own| *own != stage).last()
    }

    /// The state in which a stage ends; `None` if this kind of change does not have the stage.
    #[must_use]
    pub fn end_of(&self, stage: Stage) -> Option<State> {
        self.legs.iter().find(|leg| leg.stage == stage).map(|leg| leg.ends_in)
    }

    /// Returns true if a change in this state has been through the stage.
    #[must_use]
    pub fn is_past(&self, stage: Stage, state: State) -> bool {
        let at = |state| self.states.iter().position(|own| *own == state);
        self.end_of(stage).is_some_and(|end| at(state) >= at(end) && at(state).is_some())
    }

    /// Returns true if the change has not begun in this state, or its contract is done: the code sees
    /// one schema then.
    #[must_use]
    pub fn is_at_rest(&self, state: State) -> bool {
        self.is_free_after(Stage::Contract, state)
    }

    /// Returns true if the change has not begun in this state, or has been through the stage.
    #[must_use]
    pub fn is_free_after(&self, stage: Stage, state: State) -> bool {
        state == State::Pending || self.is_past(stage, state)
    }

    /// The states in their order. `relaxes` tells if the database can relax a column's constraints.
    #[must_use]
    pub const fn states(&self, relaxes: bool) -> &'static [State] {
        if relaxes { self.states } else { self.states_unrelaxed }
    }

    /// The state after this one, on the way to the last one.
    #[must_use]
    pub fn forward(&self, state: State, relaxes: bool) -> Option<State> {
        let states = self.states(relaxes);
        let at = states.iter().position(|own| *own == state)?;
        states.get(at + 1).copied()
    }

    /// The state before this one: the way back has the same steps in reverse.
    #[must_use]
    pub fn back(&self, state: State, relaxes: bool) -> Option<State> {
        let states = self.states(relaxes);
        let at = states.iter().position(|own| *own == state)?;
        states.get(at.checked_sub(1)?).copied()
    }

    /// The transition between two states, or `None` if there is no such transition. The migrator and
    /// the shim both use this one table (docs/explanation/protocol.md, sections 1 and 2).
    #[must_use]
    pub fn transition(&self, before: State, after: State, relaxes: bool) -> Option<Transition> {
        let whole = [(State::Pending, State::Contracted), (State::Contracted, State::Pending)];
        let adjacent = self.forward(before, relaxes) == Some(after)
            || self.back(before, relaxes) == Some(after)
            || self.may_be_at_once && whole.contains(&(before, after));
        let proof = self.proofs.contains(&(before, after));
        adjacent.then_some(Transition {
            before,
            after,
            proof,
            acknowledged: before != State::Pending,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::ChangeKind;
    use super::*;
    use crate::model::Side;

    fn courses() -> Vec<&'static Course> {
        ChangeKind::KEYS.iter().filter_map(|key| ChangeKind::course_of(key)).collect()
    }

    #[test]
    fn neighbours_read_what_each_other_writes() {
        for course in courses() {
            for relaxes in [true, false] {
                for pair in course.states(relaxes).windows(2) {
                    for (reader, writer) in [(pair[0], pair[1]), (pair[1], pair[0])] {
                        let written = writer.writes();
                        let read = match reader.reads() {
                            Side::From => written.from,
                            Side::To => written.to,
                        };
                        // Across a drop or a rename the reader's column is gone: a loud error.
                        let both_exist = reader.columns() == writer.columns();
                        assert!(read || !both_exist, "{reader} misses what {writer} writes");
                    }
                }
            }
        }
    }

    #[test]
    fn every_state_has_a_way_forth_and_back() {
        for course in courses() {
            for relaxes in [true, false] {
                let mut state = State::Pending;
                while let Some(next) = course.forward(state, relaxes) {
                    assert!(course.transition(state, next, relaxes).is_some());
                    state = next;
                }
                assert_eq!(Some(&state), course.states(relaxes).last());
                assert!(course.is_at_rest(state));
                while let Some(next) = course.back(state, relaxes) {
                    assert!(course.transition(state, next, relaxes).is_some());
                    state = next;
                }
                assert_eq!(state, State::Pending);
            }
        }
    }

    #[test]
    fn each_stage_ends_in_a_later_state() {
        for course in courses() {
            for relaxes in [true, false] {
                let states = course.states(relaxes);
                let at = |stage| states.iter().position(|own| Some(*own) == course.end_of(stage));
                let ends: Vec<_> = course.stages().map(at).collect();
                assert!(ends.iter().all(Option::is_some) && ends.is_sorted(), "{ends:?}");
                assert_eq!(ends.last(), Some(&Some(states.len() - 1)));
            }
        }
    }

    #[test]
    fn no_state_is_skipped() {
        let copy = ChangeKind::course_of("rename").unwrap();
        let step = |before, after, relaxes| copy.transition(before, after, relaxes);
        assert_eq!(step(State::Pending, State::ReadTo, true), None);
        assert_eq!(step(State::Contracted, State::ReadTo, true), None);
        assert_eq!(step(State::DualWrite, State::WriteTo, true), None);
        assert_eq!(step(State::ReadTo, State::Contracted, true), None);
        assert!(step(State::ReadTo, State::Contracted, false).is_some());
        assert_eq!(step(State::ReadTo, State::Pending, true), None);
    }
}
