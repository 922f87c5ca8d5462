#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::crm::preset::shipped;

fn words(crm: &str) -> Words {
    Words::new(shipped(), crm, &WordLists::new())
}

fn typed(words: &Words, type_word: &str) -> &'static str {
    words.kind(Asked { type_word, customer: true, ..Asked::default() }).map_or("system", |(kind, _)| kind)
}

fn about(words: &Words, subject: &str, customer: bool) -> &'static str {
    words.kind(Asked { type_word: "Event", subject, customer, ..Asked::default() }).map_or("system", |(kind, _)| kind)
}

#[test]
fn type_words_name_their_kinds() {
    let words = words("generic");
    let cases = [
        (
            "meeting",
            &[
                "Meeting",
                "MEETING ",
                "Site Visit",
                "Lunch",
                "First meeting",
                "Discovery Meeting",
                "Appointment",
                "client_meeting",
                "meeting_scheduled",
                "Réunion",
                "Follow-up meeting",
            ][..],
        ),
        ("presentation", &["Demo", "Product demo", "Webinar", "Technical Demo", "demo_completed", "Präsentation", "Demo call"]),
        (
            "call",
            &[
                "Call",
                "call_outbound",
                "call_inbound",
                "Outbound Call",
                "Phone Call",
                "Call - Connected",
                "Discovery Call",
                "Follow-up call",
            ],
        ),
        ("email", &["Email", "E-mail", "email_sent", "email_received", "Email Sent", "Outgoing email"]),
        ("task", &["Follow-up", "follow_up", "Prep", "Demo prep"]),
        ("proposal", &["Proposal Sent", "proposal_sent", "Quote", "Proposal"]),
        ("coaching", &["1:1", "Coaching"]),
        ("team", &["Team meeting", "Internal Meeting"]),
        ("forecast", &["Pipeline Review"]),
        ("learning", &["Training"]),
        ("other", &["LinkedIn Message", "email_opened", "Xyzzy", ""]),
        ("system", &["Opportunity Close", "opportunityclose"]),
    ];
    for (kind, list) in cases {
        for word in list {
            assert_eq!(typed(&words, word), kind, "{word}");
        }
    }
    for word in ["Event", "Task", "To-do", "Other", "todo"] {
        assert_eq!(words.type_word(word), Some(TypeWord::Defer), "{word}");
    }
    assert_eq!(words.type_word("Technical deep-sea demo"), None, "rules are no listed words");
    assert_eq!(words.outcome_in_type("meeting_scheduled"), Some("scheduled"));
    assert_eq!(words.outcome_in_type("Meeting - no show"), Some("missed"));
    assert_eq!(words.outcome_in_type("Proposal sent"), None, "a listed word is taken whole");
    assert_eq!(words.outcome_in_type("call_outbound"), None);
}

#[test]
fn a_channel_word_leaves_it_to_the_subject() {
    let words = words("salesforce");
    let cases = [
        ("Prepare demo for Acme", true, "task"),
        ("Demo prep", true, "task"),
        ("Mock presentation", true, "task"),
        ("Schedule meeting with Bo", true, "task"),
        ("Send proposal", true, "task"),
        ("Demo follow-up", true, "task"),
        ("Review notes of the meeting", true, "task"),
        ("1:1 with Dana", false, "coaching"),
        ("1:1 with Dana", true, "other"),
        ("Weekly team meeting", true, "team"),
        ("Forecast call", false, "forecast"),
        ("Pipeline review", true, "forecast"),
        ("Territory planning", false, "planning"),
        ("Quarterly review", true, "meeting"),
        ("Quarterly review", false, "planning"),
        ("Interview candidate", false, "recruiting"),
        ("Expense report", false, "admin"),
        ("Sales training", false, "learning"),
        ("Demo training", true, "learning"),
        ("Product demo with Acme", true, "presentation"),
        ("Démo produit", true, "presentation"),
        ("Discovery Meeting with CIO", true, "meeting"),
        ("Lunch with Bo", true, "meeting"),
        ("Call Bo", true, "call"),
        ("Acme", true, "other"),
        ("Recalled the demonstrator", true, "other"),
        ("Email: Re: meeting", true, "email"),
    ];
    for (subject, customer, kind) in cases {
        assert_eq!(about(&words, subject, customer), kind, "{subject} (customer: {customer})");
    }
}

#[test]
fn a_plain_meeting_without_a_customer_is_the_internal_work_that_its_subject_names() {
    let words = words("pipedrive");
    let cases = [
        ("Meeting", "Coaching: Ana Silva", false, "coaching"),
        ("Meeting", "1:1 with Ana Silva", false, "coaching"),
        ("meeting", "Team meeting", false, "team"),
        ("Meeting", "Forecast review", false, "forecast"),
        ("Meeting", "Pipeline review", false, "forecast"),
        ("Termin", "Teambesprechung", false, "team"),
        ("Meeting", "Coaching: Ana Silva", true, "meeting"),
        ("Meeting", "Forecast review", true, "meeting"),
        ("Meeting", "Acme", false, "meeting"),
        ("Meeting", "Product demo", false, "meeting"),
        ("Meeting", "Prepare for Acme", false, "meeting"),
        ("Visit", "Team meeting", false, "meeting"),
        ("Client meeting", "Pipeline review", false, "meeting"),
        ("Demo", "Coaching: Ana Silva", false, "presentation"),
        ("Call", "Coaching: Ana Silva", false, "call"),
    ];
    for (type_word, subject, customer, kind) in cases {
        let asked = Asked { type_word, subject, customer, ..Asked::default() };
        assert_eq!(words.kind(asked).unwrap().0, kind, "{type_word}, {subject}, customer: {customer}");
    }
    // A company that lists the word itself says what it means.
    let own = WordLists::from([("kind".to_owned(), BTreeMap::from([("meeting".to_owned(), vec!["Meeting".to_owned()])]))]);
    let words = Words::new(shipped(), "pipedrive", &own);
    let asked = Asked { type_word: "Meeting", subject: "Team meeting", ..Asked::default() };
    assert_eq!(words.kind(asked), Some(("meeting", Decided::Type)));
}

#[test]
fn the_sort_of_record_decides_last_and_only_a_meeting_is_refined() {
    let words = words("hubspot");
    let kept = |channel, subject, type_word| words.kind(Asked { type_word, channel, subject, customer: true, ..Asked::default() }).unwrap();
    assert_eq!(kept("MEETING", "Acme", ""), ("meeting", Decided::Channel));
    assert_eq!(kept("MEETING", "Demo for Acme", ""), ("presentation", Decided::Subject));
    assert_eq!(kept("MEETING", "Follow-up with Acme", ""), ("meeting", Decided::Channel));
    assert_eq!(kept("MEETING", "Call with Acme", ""), ("meeting", Decided::Channel));
    assert_eq!(kept("MEETING", "Prep for Acme", ""), ("task", Decided::Subject));
    assert_eq!(kept("MEETING", "Acme", "Product demo"), ("presentation", Decided::Type));
    assert_eq!(kept("MEETING", "Acme", "Technical demo, long"), ("presentation", Decided::TypeLike));
    assert_eq!(kept("CALL", "Demo for Acme", ""), ("call", Decided::Channel));
    assert_eq!(kept("TASK", "Call Bo", "TODO"), ("call", Decided::Subject));
    let subtyped = |subtype| words.kind(Asked { type_word: "Task", subtype, subject: "Acme", ..Asked::default() }).unwrap();
    assert_eq!(subtyped("Email"), ("email", Decided::Subtype));
    assert_eq!(subtyped("Task"), ("other", Decided::Nothing));
}

#[test]
fn outcomes() {
    let words = words("generic");
    let cases = [
        (
            "held",
            &[
                "Completed",
                "COMPLETED",
                "Held",
                "Done",
                "made",
                "Positive",
                "Neutral",
                "Negative",
                "Connected - wants a quote",
                "Left voicemail",
                "No answer",
            ][..],
        ),
        (
            "scheduled",
            &["SCHEDULED", "Planned", "Not Started", "In Progress", "Waiting on someone else", "On Hold", "To do", "upcoming", "Open"],
        ),
        ("missed", &["NO_SHOW", "No show", "No-Show", "Não compareceu"]),
        ("canceled", &["CANCELED", "CANCELLED", "Rescheduled", "Not Held", "declined-by-lead"]),
    ];
    for (outcome, list) in cases {
        for word in list {
            assert_eq!(words.outcome(word), Some(outcome), "{word}");
        }
    }
    assert_eq!(words.outcome("Heldentum"), None);
    assert_eq!(words.outcome(""), None);
}

#[test]
fn only_words_that_say_so_make_a_deal_won() {
    let words = words("salesforce");
    for word in [
        "Closed Won",
        "closedwon",
        "closed_won",
        "closed won ",
        "Closed - Won",
        "Closed/Won",
        "Won",
        "Ganha",
        "Ganado",
        "Gewonnen",
        "Closed Won - Q4",
    ] {
        assert_eq!(words.stage_state(word), Some("won"), "{word}");
        assert_eq!(words.state(word), Some("won"), "{word}");
    }
    for word in ["Closed Lost", "closedlost", "Lost", "Perdida", "Closed Lost to Competition", "Out-Sold"] {
        assert_eq!(words.stage_state(word), Some("lost"), "{word}");
    }
    for word in ["Close", "Closed", "Commit", "Negotiation", "Contract Sent", "100", "Not Won", ""] {
        assert_eq!(words.stage_state(word), None, "{word}");
        assert_eq!(words.state(word), None, "{word}");
    }
    for word in ["Canceled", "Disqualified", "Duplicate", "Abandoned"] {
        assert_eq!(words.state(word), Some("canceled"), "{word}");
    }
    assert_eq!(words.state("active"), Some("open"));
    assert_eq!(words.state("In Progress"), Some("open"));
    assert_eq!(words.stage_state("Open"), None);
}

#[test]
fn calls_and_business_and_roles() {
    let words = words("hubspot");
    assert_eq!(words.connected("Connected"), Some(true));
    assert_eq!(words.connected("f240bbac-87c9-4f6e-bf70-924b57d47db7"), Some(true));
    assert_eq!(words.connected("Left voicemail"), Some(false));
    assert_eq!(words.connected("Wrong number"), Some(false));
    assert_eq!(words.connected("Purple"), None);
    assert_eq!(words.new_business("newbusiness"), Some(true));
    assert_eq!(words.new_business("Existing Customer - Upgrade"), Some(false));
    assert_eq!(words.new_business("Renewal"), Some(false));
    assert_eq!(words.new_business("New Business / Add-on"), None);
    assert_eq!(words.first_meeting("First meeting with Acme"), Some(true));
    assert_eq!(words.first_meeting("Meeting with Acme"), None);
    assert_eq!(words.role("Account Executive"), Some("rep"));
    assert_eq!(words.role("Senior Account Manager"), Some("rep"));
    assert_eq!(words.role("Regional Sales Manager, West"), Some("leader"));
    assert_eq!(words.role("VP of Sales"), Some("leader"));
    assert_eq!(words.role("Senior Sales Engineer"), Some("other"));
    assert_eq!(words.role("Wizard"), None);
    assert!(words.robot("Automated Process"));
    assert!(words.robot("Acme Integration User"));
    assert!(!words.robot("Ana Silva"));
    assert_eq!(words.per("Monthly"), Some("month"));
    assert_eq!(words.what("Opportunity"), Some("deal"));
    assert_eq!(words.internal("Internal"), Some(true));
    assert_eq!(words.result("Disqualified"), Some("disqualified"));
}

#[test]
fn a_stage_is_known_without_the_pipeline_before_it() {
    let words = words("bitrix24");
    assert_eq!(
        (words.stage_state("WON"), words.stage_state("C2:WON"), words.stage_state("C14:LOSE")),
        (Some("won"), Some("won"), Some("lost"))
    );
    assert_eq!((words.stage_state("C2:NEW"), words.stage_state("C:WON"), words.stage_state("CX:WON")), (None, None, None));
}

#[test]
fn words_of_other_languages() {
    let words = words("generic");
    for (word, outcome) in [
        ("Durchgeführt", "held"),
        ("Abgesagt", "canceled"),
        ("Nicht erschienen", "missed"),
        ("Geplant", "scheduled"),
        ("Réalisée", "held"),
        ("Annulé", "canceled"),
        ("Client absent", "missed"),
        ("Prévue", "scheduled"),
        ("Realizada", "held"),
        ("No asistió", "missed"),
        ("Aplazada", "canceled"),
        ("Programada", "scheduled"),
        ("Concluída", "held"),
        ("Não compareceu", "missed"),
        ("Não realizada", "canceled"),
        ("Planejada", "scheduled"),
    ] {
        assert_eq!(words.outcome(word), Some(outcome), "{word}");
    }
    for (word, kind) in [
        ("Kundentermin", "meeting"),
        ("Produktvorführung", "presentation"),
        ("Telefonat", "call"),
        ("Kostenvoranschlag", "proposal"),
        ("Visite client", "meeting"),
        ("Démonstration produit", "presentation"),
        ("Entretien téléphonique", "call"),
        ("Devis", "proposal"),
        ("Visita comercial", "meeting"),
        ("Llamada", "call"),
        ("Cotización", "proposal"),
        ("Reunião presencial", "meeting"),
        ("Ligação", "call"),
    ] {
        assert_eq!(typed(&words, word), kind, "{word}");
    }
    let role = |word| words.role(word).unwrap_or("none");
    assert_eq!(["Vertriebsleiterin", "Chef des ventes", "Gerente comercial", "Coordenador de vendas"].map(role), ["leader"; 4]);
    assert_eq!(["Außendienstmitarbeiter", "Commerciale", "Asesor comercial", "Executiva de contas"].map(role), ["rep"; 4]);
    // To sell is `commercial` in French, and directs in English.
    assert_eq!(role("Commercial Director, West"), "leader");
    assert_eq!(
        (words.state("Sans suite"), words.state("Adjudicada"), words.new_business("Bestandskunde")),
        (Some("lost"), Some("won"), Some(false))
    );
}

#[test]
fn a_users_words_win_and_wrong_ones_are_told() {
    let own = |vocabulary: &str, value: &str, word: &str| {
        WordLists::from([(vocabulary.to_owned(), BTreeMap::from([(value.to_owned(), vec![word.to_owned()])]))])
    };
    let words = Words::new(shipped(), "salesforce", &own("kind", "presentation", "Visit"));
    assert_eq!(typed(&words, "visit"), "presentation");
    assert_eq!(wrong_words(&own("kind", "presentation", "x")), None);
    let (message, hint) = wrong_words(&own("kind", "presentaton", "x")).unwrap();
    assert_eq!(message, "unknown value of words.kind `presentaton`");
    assert_eq!(hint.unwrap(), "did you mean `presentation`?");
    let (message, hint) = wrong_words(&own("outcomes", "held", "x")).unwrap();
    assert_eq!(message, "unknown vocabulary `outcomes`");
    assert_eq!(hint.unwrap(), "did you mean `outcome`?");
}

#[test]
fn the_words_of_section_12_in_every_language() {
    let words = words("generic");
    for (state, list) in [
        (
            "won",
            &[
                "Closed Won",
                "closedwon",
                "closed_won",
                "closed won ",
                "CLOSED WON",
                "Won",
                "won",
                "WON",
                "Ganha",
                "Ganho",
                "Gewonnen",
                "Gagn\u{e9}",
                "Ganado",
                "Signed",
            ][..],
        ),
        ("lost", &["Closed Lost", "closedlost", "Lost", "LOST", "Out-Sold", "Dead", "Perdida", "Perdido", "Verloren", "Perdu"]),
        ("canceled", &["Canceled", "CANCELLED", "Disqualified", "Duplicate", "Abandoned"]),
    ] {
        for word in list {
            assert_eq!(words.state(word), Some(state), "{word}");
        }
    }
    for word in
        ["Open", "open", "Em andamento", "Em negocia\u{e7}\u{e3}o", "Agendado", "N\u{e3}o compareceu", "In Progress", "On Hold", "active"]
    {
        assert_eq!(words.state(word), Some("open"), "{word}");
    }
    for word in ["Close", "Closed", "Omitted", "BestCase", "Commit"] {
        assert_eq!((words.state(word), words.stage_state(word)), (None, None), "{word}");
    }
    for (outcome, list) in [
        (
            "held",
            &[
                "Completed",
                "COMPLETED",
                "completed",
                "Held",
                "Done",
                "made",
                "Connected - left a message",
                "Call Successful",
                "Positive",
                "Neutral",
                "Negative",
            ][..],
        ),
        (
            "scheduled",
            &["SCHEDULED", "Planned", "Open", "Not Started", "NOT_STARTED", "In Progress", "On Hold", "Draft", "To do", "upcoming"],
        ),
        ("missed", &["NO_SHOW", "No show", "N\u{e3}o compareceu"]),
        (
            "canceled",
            &["CANCELED", "CANCELLED", "Canceled", "RESCHEDULED", "Rescheduled", "Not Held", "declined-by-lead", "declined-by-org"],
        ),
    ] {
        for word in list {
            assert_eq!(words.outcome(word), Some(outcome), "{word}");
        }
    }
}

#[test]
fn a_companys_own_words_are_looked_for_in_subjects_and_stages() {
    let list = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
    let own = WordLists::from([
        (
            "kind".to_owned(),
            BTreeMap::from([
                ("presentation".to_owned(), list(&["Tech session", "Site visit"])),
                ("meeting".to_owned(), list(&["Touchpoint"])),
                ("planning".to_owned(), list(&["Strategy call"])),
            ]),
        ),
        ("state".to_owned(), BTreeMap::from([("won".to_owned(), list(&["Handed over"])), ("open".to_owned(), list(&["Signed"]))])),
    ]);
    let words = Words::new(shipped(), "salesforce", &own);
    for (subject, kind) in [
        ("Tech session with Acme", "presentation"),
        ("Second tech session, Acme", "presentation"),
        ("Site visit Acme", "presentation"),
        ("Prepare tech session", "task"),
        ("Touchpoint: Acme", "meeting"),
        ("Missed touchpoint", "other"),
        ("Strategy call", "planning"),
    ] {
        assert_eq!(about(&words, subject, true), kind, "{subject}");
    }
    assert_eq!(about(&self::words("salesforce"), "Tech session with Acme", true), "other");
    assert_eq!((words.stage_state("Handed over"), words.state("handed_over")), (Some("won"), Some("won")));
    assert_eq!(
        (words.stage_state("Signed"), words.own_state("Signed - Q4"), words.own_state("Closed Won")),
        (Some("open"), Some("open"), None)
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_is_too_odd(text in "\\PC{0,40}", heading in "\\PC{0,30}") {
        let words = words("hubspot");
        let _ = words.kind(Asked { type_word: &text, subtype: &heading, channel: &text, subject: &heading, customer: true });
        let _ = (words.outcome(&text), words.outcome_in_type(&text), words.role(&text), words.first_meeting(&text), words.robot(&text));
        assert_eq!(fold(&fold(&text)), fold(&text));
        let _ = crate::crm::recognise::recognise(&[heading, text], "x.csv", shipped(), crate::crm::recognise::Pinned::default());
    }
}

#[test]
fn a_subject_promises_behind_its_word_and_a_mark() {
    let words = words("generic");
    for (subject, text) in [
        ("Commitment: 20 calls a week to new logos", "20 calls a week to new logos"),
        ("MY COMMITMENT - visit Alder", "visit Alder"),
        ("The one thing\u{2013} 3 presentations", "3 presentations"),
        ("The one-thing: 3 presentations", "3 presentations"),
        ("Mon engagement : visiter Alder", "visiter Alder"),
        ("Zusage: Alder besuchen", "Alder besuchen"),
        ("Compromiso: visitar Alder", "visitar Alder"),
        ("Compromisso: visitar Alder", "visitar Alder"),
        ("Commitment:", ""),
        ("One thing -  ", ""),
        ("Wildly important goal: win Alder - all of it", "win Alder - all of it"),
    ] {
        assert_eq!(words.promise(subject), Some(text), "{subject}");
    }
    for subject in [
        "Commitment",
        "Commitment letter",
        "Commitment letter: send",
        "Commitment-letter sent",
        "Engagement: kick-off deck for Acme",
        "Re: commitment: x",
        ":",
        "",
    ] {
        assert_eq!(words.promise(subject), None, "{subject}");
    }
}

#[test]
fn a_next_step_is_the_customers_where_it_begins_so() {
    let words = words("generic");
    for theirs in [
        "Customer to send the specification",
        "client will sign by Friday",
        "They will order a pilot",
        "Meeting booked",
        "Meeting booked for the 12th",
        "Demo scheduled",
        "Kunde schickt Zeichnungen",
        "Termin vereinbart",
    ] {
        assert!(words.customers_step(theirs), "{theirs}");
    }
    for ours in [
        "Send the customer a quote",
        "Call back on Monday",
        "Customer to think about it",
        "Customer will not go on",
        "They will get back to us",
        "Client will let us know",
        "Positive",
        "Try to get a meeting booked",
        "",
    ] {
        assert!(!words.customers_step(ours), "{ours}");
    }
}

#[test]
fn a_result_that_only_went_well_is_no_advance() {
    let words = words("generic");
    for open in ["Positive", "Interested", "Went well", "Connected", "Follow up"] {
        assert_eq!(words.result(open), None, "{open}");
    }
    assert_eq!((words.result("Meeting booked"), words.result("Not interested")), (Some("advanced"), Some("disqualified")));
    let own =
        WordLists::from([("result".to_owned(), std::collections::BTreeMap::from([("advanced".to_owned(), vec!["Positive".to_owned()])]))]);
    assert_eq!(Words::new(shipped(), "generic", &own).result("positive"), Some("advanced"));
}
