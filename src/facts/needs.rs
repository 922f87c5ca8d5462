//! What of all that can be derived a run needs.

use super::Whose;
use crate::table::Kind;

/// What is derived only where it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Which records were only assumed to be something.
    Assumed,
    /// Who took part, as a column.
    WithPeople,
    Joint,
    Team,
    CustomerMeeting,
    /// New business and first wins.
    NewDeals,
    DaysOpen,
    DaysIdle,
    /// Whom records are with.
    With,
    Prospect,
    FirstWithAccount,
    FirstWithContact,
    Advances,
    Coaching,
}

/// A part, the columns that it fills, and the parts that it rests on.
struct Derived {
    part: Part,
    columns: &'static [(Kind, &'static str)],
    rests_on: &'static [Part],
}

use Kind::{Activities as A, Deals as D};

/// Every part.
const DERIVED: &[Derived] = &[
    Derived { part: Part::Assumed, columns: &[], rests_on: &[] },
    Derived { part: Part::WithPeople, columns: &[(A, "with_people")], rests_on: &[] },
    Derived { part: Part::Joint, columns: &[(A, "joint")], rests_on: &[] },
    Derived { part: Part::Team, columns: &[(A, "team"), (D, "team")], rests_on: &[] },
    Derived { part: Part::CustomerMeeting, columns: &[(A, "customer_meeting")], rests_on: &[] },
    Derived { part: Part::NewDeals, columns: &[(D, "new_business"), (D, "first_win")], rests_on: &[] },
    Derived { part: Part::DaysOpen, columns: &[(D, "days_open")], rests_on: &[] },
    Derived { part: Part::DaysIdle, columns: &[(D, "days_idle")], rests_on: &[] },
    Derived { part: Part::With, columns: &[], rests_on: &[] },
    Derived { part: Part::Prospect, columns: &[(A, "prospect"), (A, "new_business")], rests_on: &[Part::With, Part::NewDeals] },
    Derived { part: Part::FirstWithAccount, columns: &[(A, "first_with_account")], rests_on: &[Part::With, Part::CustomerMeeting] },
    Derived { part: Part::FirstWithContact, columns: &[(A, "first_with_contact")], rests_on: &[Part::With, Part::CustomerMeeting] },
    Derived { part: Part::Advances, columns: &[(A, "advanced"), (A, "advance_rule")], rests_on: &[Part::With, Part::CustomerMeeting] },
    Derived {
        part: Part::Coaching,
        columns: &[(A, "coach"), (A, "coached_people"), (A, "coached_by"), (A, "coached")],
        rests_on: &[Part::CustomerMeeting],
    },
];

/// The derived columns and credits that a run needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs(u32);

impl Needs {
    /// Everything that can be derived.
    pub fn everything() -> Self {
        let mut needs = Self::default();
        for derived in DERIVED {
            needs.add(derived.part);
        }
        needs
    }

    /// Needs a canonical column; one that is not derived is there anyway.
    pub fn column(&mut self, kind: Kind, name: &str) {
        for derived in DERIVED.iter().filter(|derived| derived.columns.contains(&(kind, name))) {
            self.add(derived.part);
        }
    }

    /// Needs the credits of activities.
    pub fn credits(&mut self, whose: Whose) {
        if whose != Whose::Owner {
            self.add(Part::Coaching);
        }
    }

    fn add(&mut self, part: Part) {
        self.0 |= 1 << part as u32;
        for derived in DERIVED.iter().filter(|derived| derived.part == part) {
            for other in derived.rests_on {
                self.add(*other);
            }
        }
    }

    /// Whether a part is needed.
    pub(super) fn part(&self, part: Part) -> bool {
        self.0 & (1 << part as u32) != 0
    }
}
