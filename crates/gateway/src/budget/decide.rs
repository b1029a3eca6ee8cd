//! Whether a call may go on its budget now, has to wait, or is refused.

use tollgate_domain::NanoUsd;

use crate::budget::Slice;
use crate::budget::estimate::Bound;

/// What the last lease came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outlook {
    /// There may be more: nobody has asked lately.
    Open,
    /// Everything is handed out; other instances hold so much that they have not spent.
    HandedOut {
        /// What they may give back.
        others_unspent: NanoUsd,
    },
    /// The database does not answer.
    Away,
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// It goes, with so much kept for it.
    Go(NanoUsd),
    /// It waits for a lease, or for a call under way to end.
    Wait,
    /// The budget is spent.
    Spent,
    /// What is left of the budget is kept for calls under way.
    Held,
    /// It cannot be told whether anything is left.
    Away,
}

/// What becomes of a call of `bound` on `slice`, which has waited as long as it may or not.
pub(crate) fn decide(slice: &Slice, outlook: Outlook, bound: &Bound, is_late: bool) -> Decision {
    let (most, available) = (bound.most(), slice.available());
    if most <= available {
        return Decision::Go(most);
    }
    let is_held = slice.reserved() > NanoUsd::ZERO;
    let others = match outlook {
        Outlook::Open if is_late => return Decision::Away,
        Outlook::Open => return Decision::Wait,
        Outlook::Away if is_held && !is_late => return Decision::Wait,
        Outlook::Away => return Decision::Away,
        Outlook::HandedOut { others_unspent } => others_unspent,
    };
    let may_come = slice.reserved() + others;
    let can_go = bound.least() <= available;
    // It exceeds what is left of the whole budget, of which we have a fair part.
    let never_fits = most > available + may_come;
    if can_go && never_fits && (is_late || may_come <= available) {
        return Decision::Go(available);
    }
    if may_come > NanoUsd::ZERO && !is_late {
        return Decision::Wait;
    }
    match (can_go, is_held) {
        (true, false) => Decision::Go(available),
        (_, true) => Decision::Held,
        (false, false) => Decision::Spent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::estimate::tests::bound;

    /// A slice of which so much is available and so much reserved.
    fn slice(available: i64, reserved: i64) -> Slice {
        let mut slice = Slice::default();
        slice.next(NanoUsd::new(available + reserved), false);
        slice.done();
        assert!(slice.reserve(NanoUsd::new(reserved)));
        slice
    }

    #[test]
    fn a_call_is_refused_only_when_nothing_more_can_come() {
        // Costs 100 at most, and 10 at least.
        let bound = bound(10, 100);
        let out = |others| Outlook::HandedOut { others_unspent: NanoUsd::new(others) };
        let go = |amount| Decision::Go(NanoUsd::new(amount));
        let cases = [
            ("it fits", (100, 0), out(0), false, go(100)),
            ("more can be leased", (99, 0), Outlook::Open, false, Decision::Wait),
            ("nothing is left", (9, 0), out(0), false, Decision::Spent),
            ("the rest affords a part", (10, 0), out(0), false, go(10)),
            ("another call may leave enough", (9, 91), out(0), false, Decision::Wait),
            ("the other call holds it", (9, 91), out(0), true, Decision::Held),
            ("it exceeds the whole rest", (60, 39), out(0), false, go(60)),
            ("another instance may give back", (9, 0), out(5), false, Decision::Wait),
            ("it did not", (9, 0), out(5), true, Decision::Spent),
            ("it did not, and the rest affords a part", (50, 0), out(70), true, go(50)),
            ("the database is away", (99, 0), Outlook::Away, false, Decision::Away),
            ("the slice is used up first", (100, 0), Outlook::Away, false, go(100)),
            ("a call may leave enough yet", (0, 100), Outlook::Away, false, Decision::Wait),
            ("the database never answers", (0, 0), Outlook::Open, true, Decision::Away),
        ];
        for (case, (available, reserved), outlook, is_late, expected) in cases {
            let slice = slice(available, reserved);
            assert_eq!(decide(&slice, outlook, &bound, is_late), expected, "{case}");
        }
    }
}
