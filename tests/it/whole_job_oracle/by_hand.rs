//! The naive code itself against cases small enough to count by hand.

use jiff::civil::date;

use super::company::{AS_OF, Files, PEOPLE};
use super::measures::{Known, want};
use super::world::World;
use crate::oracle::{Week, Who, agrees};

const DEALS: &str = "\
Deal ID,Deal Name,Owner,Account,Stage,Amount,Created Date,Closed Date,Expected Close Date,Lost Reason,Deal Type
O1,,Ana Rao,Old,Closed Won,1,2025-01-01,2025-01-05,,,New Business
D1,,Ana Rao,Acme,Negotiation,1,2026-03-01,,,,New Business
D2,,Ana Rao,Birch,Closed Lost,1,2026-03-01,2026-05-08,,No budget,New Business
D3,,Ana Rao,Cedar,Closed Won,1,2026-03-01,2026-05-06,,,New Business
D4,,Ana Rao,Dawn,Closed Lost,1,2026-03-01,2026-05-06,,No budget,New Business
D5,,Ana Rao,Gorse,Discovery,1,2026-03-01,,,,New Business
";

/// O1 shows the order of the stages.
const STAGES: &str = "\
Deal ID,From Stage,To Stage,Transition Date
O1,,Prospecting,2025-01-01
O1,Prospecting,Discovery,2025-01-02
O1,Discovery,Proposal,2025-01-03
O1,Proposal,Negotiation,2025-01-04
O1,Negotiation,Closed Won,2025-01-05
D1,,Proposal,2026-03-01
D1,Proposal,Negotiation,2026-05-12
D2,,Discovery,2026-03-01
D4,,Proposal,2026-03-01
D5,,Proposal,2026-03-01
D5,Proposal,Discovery,2026-05-06
";

/// Week of 4 May 2026.
const ACTIVITIES: &str = "\
Activity ID,Activity Type,Subject,Owner,Start,Status,Duration (min),Account,Contact,Deal ID,Call Result,Result,Created Date,Internal Attendees,Internal
A1,Meeting,one,Ana Rao,2026-05-05 09:00,Completed,30,Acme,,D1,,,2026-05-01,Dee Falk,No
A2,Call,two,Ana Rao,2026-05-05 15:00,Completed,30,Acme,,,,,2026-05-05,,No
A3,Call,three,Ben Ito,2026-05-05 16:00,Completed,30,Acme,,,No answer,Advanced,2026-05-05,,No
A4,Meeting,four,Dee Falk,2026-05-19 09:00,Completed,30,Acme,,,,,2026-05-12,,No
A5,Call,five,Ben Ito,2026-05-06 09:00,Completed,30,Birch,,D2,,,2026-05-06,,No
A6,Meeting,six,Ben Ito,2026-05-06 10:00,Completed,30,Birch,,,,,2026-05-06,,No
A7,Meeting,seven,Ben Ito,2026-05-06 11:00,Completed,30,Cedar,,D3,,,2026-05-06,,No
A8,Call,eight,Eli Gray,2026-05-06 12:00,Completed,30,Dawn,,D4,Connected,Disqualified,2026-05-06,,No
A9,Meeting,nine,Eli Gray,2026-05-07 12:00,Completed,30,Elm,,,,Advanced,2026-05-06,,Yes
B1,Demo,ten,Eli Gray,2026-05-06 12:00,Completed,30,Fir,,,,,2026-05-06,,No
B2,Meeting,eleven,Eli Gray,2026-06-20 12:00,Scheduled,30,Fir,,,,,2026-05-13,,No
B3,Demo,twelve,Eli Gray,2026-05-06 13:00,Completed,30,Gorse,,D5,,,2026-05-06,,No
B4,Meeting,thirteen,Eli Gray,2026-06-20 13:00,Scheduled,30,Gorse,Kim,,,,2026-05-14,,No
B5,Meeting,fourteen,Lea Lund,2026-06-14 13:00,Completed,30,Heath,Kim,,,,2026-05-14,,No
C1,Coaching,Coaching,Lea Lund,2026-05-13 09:00,Completed,30,,,,,,2026-05-13,Ana Rao; Lea Lund,No
C2,Coaching,Coaching with Dee Falk,Eli Gray,2026-05-04 09:00,Completed,30,,,,,,2026-05-13,,No
C3,Coaching,Coaching Ben Ito,Ana Rao,2026-05-05 09:00,Completed,30,,,,,,2026-05-13,Eli Gray,No
C4,Coaching,Coaching,Max Moss,2026-05-05 09:00,Completed,30,,,,,,2026-05-13,,No
C5,Coaching,Coaching Ben Ito,Max Moss,2026-05-05 09:00,Scheduled,30,,,,,,2026-05-13,,No
";

#[test]
fn a_week_counted_by_hand() {
    let [activities, deals, stages, people] = [ACTIVITIES, DEALS, STAGES, PEOPLE].map(str::to_owned);
    let known = Known::new(World::read(&Files { activities, deals, stages, people }, AS_OF));
    let fired: Vec<(String, Vec<&str>)> =
        known.advances.iter().map(|(i, rules)| (known.world.acts[*i].id.clone(), rules.iter().copied().collect())).collect();
    let expected = [
        // D1 moved seven days later.
        ("A1", vec!["stage"]),
        // The latest with Acme of the day that reached somebody: A4 was agreed seven days later.
        ("A2", vec!["met again"]),
        // D2 was lost after Discovery with a reason; A6 is not on that deal.
        ("A5", vec!["let go"]),
        ("A7", vec!["won"]),
        // Its own word; that D4 was lost after Proposal is no clean end.
        ("A8", vec!["disqualified"]),
    ];
    // B1's next names no contact, B3's was agreed eight days later, D5 went back.
    assert_eq!(fired, expected.map(|(id, rules)| (id.to_owned(), rules)));

    let (east, west) = (Who::Team("East".to_owned()), Who::Team("West".to_owned()));
    let (ana, ben, dee, eli) = ("Ana Rao", "Ben Ito", "Dee Falk", "Eli Gray");
    let [ana, ben, dee, eli, lea, max] = [ana, ben, dee, eli, "Lea Lund", "Max Moss"].map(|n| Who::Owner(n.to_owned()));
    let week = Week { start: date(2026, 5, 4), end: date(2026, 5, 10) };
    for (who, measure, value) in [
        // A1, A2, A5, A6, A7, A8, B1, B3.
        (&Who::All, "customer_activities", "8"),
        (&Who::All, "advances", "5"),
        (&Who::All, "advance_rate", "0.625"),
        // A1 counts once for each team and once for each of the two.
        (&east, "customer_activities", "5"),
        (&east, "advances", "4"),
        (&west, "customer_activities", "4"),
        (&west, "advances", "2"),
        (&ana, "advances", "2"),
        (&dee, "advances", "1"),
        (&ben, "advance_rate", "0.6667"),
        (&eli, "call_advance_rate", "1"),
        (&eli, "presentation_advances", "0"),
        (&Who::All, "meeting_advances", "2"),
        (&Who::All, "meeting_advance_rate", "0.6667"),
        (&Who::All, "joint_meetings", "1"),
        (&west, "joint_meetings", "1"),
        // C2, where the manager coached whom she manages, and C3, where the attendee counts and not the subject.
        (&eli, "coaching_sessions", "2"),
        (&dee, "coaching_given", "1"),
        (&ana, "coaching_given", "1"),
        (&max, "coaching_given", "1"),
        (&lea, "coaching_given", "0"),
        (&ben, "coaching_sessions", "0"),
        (&Who::All, "coaching_sessions", "2"),
        (&west, "coaching_sessions", "2"),
        // C1 is eight days after A1.
        (&ana, "coached_share", "0"),
        (&eli, "coached_share", "1"),
        // B1 and B3 of A1, B1 and B3.
        (&west, "coached_share", "0.6667"),
        // Of A1, A6, A7, B1 and B3.
        (&Who::All, "coached_share", "0.4"),
    ] {
        let want = want(&known, who, week, measure);
        assert!(agrees(&want, value, ""), "{who:?} {measure}: {value} by hand, {want:?} by the loops");
    }
    let unripe = Week { start: date(2026, 6, 8), end: date(2026, 6, 14) };
    assert!(agrees(&want(&known, &lea, unripe, "advances"), "", "not_yet"));
    let barely = Week { start: date(2026, 6, 1), end: date(2026, 6, 7) };
    assert!(agrees(&want(&known, &lea, barely, "advances"), "0", ""));
}
