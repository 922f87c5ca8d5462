//! The whole job over 13 weeks, counted by hand: who was there, how regularly, since when not, and what is flagged.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use tempfile::TempDir;

use super::program::run;

/// The Monday of a week of 2026.
fn monday(week: u32) -> String {
    // The first ISO week of 2026 begins on 29 December 2025.
    let day = jiff::civil::date(2025, 12, 29).checked_add(jiff::Span::new().weeks(week - 1)).expect("a day");
    day.to_string()
}

/// One line per record: a meeting, or what is said.
fn activities() -> String {
    let mut out = "id,type,subject,owner,date,status,account\n".to_owned();
    let mut id = 0;
    let mut add = |kind: &str, who: &str, day: &str, account: &str| {
        id += 1;
        writeln!(out, "{id},{kind},{kind},{who},{day},Completed,{account}").unwrap();
    };
    // The exports begin in W33, the week before the 13 that end with W46.
    add("Meeting", "Ana", &monday(33), "Acme");
    for week in [34, 35, 36, 39, 40, 44] {
        add("Meeting", "Ana", &monday(week), "Acme");
    }
    for week in [34, 36] {
        add("Plan", "Ana", &monday(week), "");
    }
    // Away in W37 and W38, and yet there for one meeting; none in W42.
    for week in [34, 35, 36, 37, 39, 40, 41, 43, 44, 45, 46] {
        add("Meeting", "Ben", &monday(week), "Bolt");
    }
    // New in W41.
    for week in 41..=46 {
        add("Meeting", "Cara", &monday(week), "Cork");
    }
    // 15 meetings up to W42, and none for 4 weeks.
    for week in 34..=42 {
        add("Meeting", "Dan", &monday(week), "Dome");
        if week % 3 != 0 {
            add("Meeting", "Dan", &monday(week), "Dray");
        }
    }
    add("Coaching", "Lea", &monday(40), "");
    out
}

const PEOPLE: &str = "name,role,team,from\nAna,rep,West,2026-01-01\nBen,rep,West,2026-01-01\nCara,rep,West,2026-10-05\n\
                      Dan,rep,West,2026-01-01\nLea,leader,West,2026-01-01\n";

const CONFIG: &str = "[component.plans]\nsays = \"Plans made\"\nwho = \"reps\"\nactivities = \"type = 'Plan' AND outcome = 'held'\"\n";

fn exports() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    put("activities.csv", &activities());
    put("people.csv", PEOPLE);
    put("absences.csv", "person,from,to\nBen,2026-09-07,2026-09-18\n");
    put("leadlag.toml", CONFIG);
    folder
}

fn leadlag(command: &str, folder: &Path, more: &[&str]) -> std::process::Output {
    let (path, config) = (folder.display().to_string(), folder.join("leadlag.toml").display().to_string());
    run(&[&[command], more, &[path.as_str(), "--config", &config, "--as-of", "2026-11-16", "--through", "2026-11-15"]].concat())
}

/// The value of a measure of somebody, else why there is none.
struct Values(Vec<Json>);

impl Values {
    fn of(folder: &Path, more: &[&str]) -> Self {
        let output = leadlag("report", folder, &[&["--sections", "whole_job", "--format", "json"], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let json: Json = serde_json::from_slice(&output.stdout).expect("JSON");
        Self(json["values"].as_array().expect("values").clone())
    }

    fn get(&self, name: &str, measure: &str) -> String {
        let row = self.0.iter().find(|row| row["name"] == name && row["measure"] == measure);
        let row = row.unwrap_or_else(|| panic!("no row of {measure} of {name}"));
        let number = |json: &Json| json.as_str().map_or_else(|| json.to_string(), str::to_owned);
        if row["value"].is_null() { number(&row["missing"]) } else { number(&row["value"]) }
    }

    fn all(&self, name: &str, component: &str) -> [String; 4] {
        ["share", "regularity", "longest_gap", "weeks_since"].map(|told| self.get(name, &format!("{component}_{told}")))
    }
}

#[test]
fn weeks_are_counted_as_by_hand() {
    let folder = exports();
    let values = Values::of(folder.path(), &[]);
    // Six of 13 weeks; 6 of 8 held activities; none in W41 to W43; W44 was the last.
    assert_eq!(values.all("Ana", "customer_contact"), ["0.75", "0.461538", "3", "2"]);
    // W34 and W36 alone: ten weeks since.
    assert_eq!(values.all("Ana", "plans"), ["0.25", "0.153846", "10", "10"]);
    // W38 does not count, and W37 does for its meeting: eleven of twelve, none in W42.
    assert_eq!(values.all("Ben", "customer_contact"), ["1", "0.916667", "1", "0"]);
    // Of plans there is none in W37 either.
    assert_eq!(values.all("Ben", "plans"), ["0", "0", "11", "11"]);
    // Six weeks are too few to tell a rhythm.
    assert_eq!(values.all("Cara", "customer_contact"), ["too_few"; 4]);
    // Somebody met somebody in each of the 13 weeks.
    assert_eq!(values.all("West", "customer_contact")[1..], ["1", "0", "0"]);
    assert_eq!(values.all("", "plans")[1..], ["0.153846", "10", "10"]);
}

#[test]
fn a_job_is_that_of_its_role_and_what_nobody_records_is_held_against_nobody() {
    let folder = exports();
    let values = Values::of(folder.path(), &[]);
    assert_eq!(values.all("Lea", "coaching"), ["1", "0.076923", "6", "6"]);
    // Her one activity is a coaching; of a team and all it is the share in what their leaders did.
    assert_eq!(values.all("West", "coaching"), ["1", "0.076923", "6", "6"]);
    assert_eq!(values.all("", "coaching"), ["1", "0.076923", "6", "6"]);
    assert_eq!(values.all("Ana", "coaching"), ["not_applicable"; 4]);
    assert_eq!(values.all("Lea", "plans"), ["not_applicable"; 4]);
    for name in ["", "West", "Ana", "Lea"] {
        assert_eq!(values.all(name, "learning"), ["no_data"; 4], "{name}");
    }
}

#[test]
fn the_weeks_are_those_that_are_over_by_the_end_of_the_period() {
    let folder = exports();
    // October ends within W44. Of W31 to W43 the exports have W33 on: eleven weeks, of which Ana met in W33 to W36, W39 and W40.
    let month = Values::of(folder.path(), &["--month", "2026-10"]);
    assert_eq!(month.all("Ana", "customer_contact")[1..], ["0.545455", "3", "3"]);
    // Of W26 to W38 there are six.
    let early = Values::of(folder.path(), &["--week", "2026-W38"]);
    assert_eq!(early.all("Ana", "customer_contact"), ["too_few"; 4]);
}

#[test]
fn what_is_neglected_is_flagged_for_its_person_and_counted_for_the_team() {
    let folder = exports();
    let values = Values::of(folder.path(), &[]);
    let neglected = ["Dan", "Ana", "Ben", "Cara", "West", ""].map(|name| values.get(name, "neglected"));
    assert_eq!(neglected, ["1", "0", "0", "too_few", "1", "1"]);
    let page = String::from_utf8(leadlag("report", folder.path(), &["--sections", "whole_job"]).stdout).expect("text");
    // 9 of the 13 weeks hold all of 15 records once in (13 / 9)^15 = 248.6 times.
    let said = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("Dan: customer contact none for 4 weeks after 1.7 a week, by chance 1 in 248"), "{page}");
    let row = page.lines().rfind(|line| line.starts_with("Dan ")).expect("a row");
    assert!(row.contains("▓ 9!") && row.ends_with("neglected"), "{row}");
    assert!(page.lines().any(|line| line.starts_with("Cara ") && line.ends_with("too soon")), "{page}");
    assert!(said.contains("held against nobody: prospecting, account planning"), "{page}");
}

#[test]
fn every_number_can_be_explained_and_required() {
    let folder = exports();
    let output = leadlag("explain", folder.path(), &["plans_longest_gap", "--owner", "Ana", "--format", "json"]);
    let json: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&json["counted"], &json["values"][0]["value"]), (&Json::from(2), &Json::from("10")), "{json}");
    let page = String::from_utf8(leadlag("explain", folder.path(), &["neglected", "--owner", "Dan"]).stdout).expect("text");
    assert!(page.contains("Counted: 15"), "{page}");
    let check = |rule: &str| leadlag("check", folder.path(), &["--require", rule]).status.code();
    // Lea, who leads, has a job, too: no customer in 13 weeks.
    assert_eq!(check("customer_contact_longest_gap <= 12 per owner"), Some(1));
    assert_eq!(check("customer_contact_longest_gap <= 13 per owner"), Some(0));
    assert_eq!(check("customer_contact_longest_gap <= 3 per team"), Some(0));
    assert_eq!(check("neglected <= 0 per team"), Some(1));
}

#[test]
fn one_person_has_a_line_for_each_component() {
    let folder = exports();
    let page = String::from_utf8(leadlag("report", folder.path(), &["--sections", "whole_job", "--owner", "Ben"]).stdout).expect("text");
    let line = page.lines().find(|line| line.starts_with("customer contact ")).expect("a line");
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(words[2..15].join(" "), "1 1 1 1 – 1 1 1 · 1 1 1 1", "{page}");
    assert_eq!(words[15..].join(" "), "100 % 92 % 1 0", "{page}");
}

#[test]
fn a_team_that_does_the_same_together_is_said_to_be_led_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut out = "id,type,subject,owner,date,status,account\n".to_owned();
    let mut id = 0;
    for who in ["Ana", "Ben", "Cy"] {
        for week in 34..=46 {
            // Every other week is full of deals, and the ones between of prospects.
            let (kind, times) = if week % 2 == 0 { ("Proposal", 6) } else { ("Prospecting", 4) };
            for _ in 0..times {
                id += 1;
                writeln!(out, "{id},Task,{kind},{who},{},Completed,Acme", monday(week)).unwrap();
            }
        }
    }
    fs::write(folder.path().join("activities.csv"), out).expect("written");
    fs::write(folder.path().join("people.csv"), "name,role,team\nAna,rep,West\nBen,rep,West\nCy,rep,West\n").expect("written");
    let config = "[[target]]\nmeasure = \"prospecting\"\nlevel = \"team\"\nper = \"week\"\nvalue = 4\nfrom = 2026-01-01\n\n\
                  [[target]]\nmeasure = \"prospecting\"\nlevel = \"team\"\nper = \"week\"\nvalue = 9\nfrom = 2026-11-02\n";
    fs::write(folder.path().join("leadlag.toml"), config).expect("written");
    let page = String::from_utf8(leadlag("report", folder.path(), &["--sections", "whole_job"]).stdout).expect("text");
    let said = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("West: 3 of 3 see-saw together: the cause is the manager's priority of the day, not the people"), "{page}");
    assert!(said.contains("each team: the target of prospecting was changed in mid-quarter, on Mon 2 Nov"), "{page}");
}

#[test]
fn the_last_week_is_the_last_that_is_over_by_the_end_of_any_period() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut out = "id,type,subject,owner,date,status,account\n".to_owned();
    // Ana meets somebody until W20, Cy until W44, and Ben in every week.
    for (who, last) in [("Ana", 20), ("Ben", 46), ("Cy", 44)] {
        for week in 5..=last {
            writeln!(out, "{who}-{week},Meeting,Meeting,{who},{},Completed,Acme", monday(week)).expect("text");
        }
    }
    fs::write(folder.path().join("activities.csv"), out).expect("written");
    fs::write(folder.path().join("people.csv"), "name,role,team\nAna,rep,West\nBen,rep,West\nCy,rep,West\n").expect("written");
    fs::write(folder.path().join("leadlag.toml"), "").expect("written");
    let since = |who: &str, period: &[&str]| Values::of(folder.path(), period).get(who, "customer_contact_weeks_since");
    let ana: [(&[&str], &str); 10] = [
        // W22 ends with May.
        (&["--month", "2026-05"], "2"),
        // June ends within W27, and July within W31.
        (&["--month", "2026-06"], "6"),
        (&["--month", "2026-07"], "10"),
        // Of W23 to W35 and of W27 to W39 there is none.
        (&["--month", "2026-08"], "13"),
        (&["--month", "2026-09"], "13"),
        (&["--from", "2026-04-01", "--to", "2026-06-30"], "6"),
        // Tuesday of W28, Sunday of W27, and Tuesday to Thursday of W25, whose last whole week is the one before.
        (&["--from", "2026-05-01", "--to", "2026-07-07"], "7"),
        (&["--from", "2026-05-01", "--to", "2026-07-05"], "7"),
        (&["--from", "2026-06-16", "--to", "2026-06-18"], "4"),
        (&["--week", "2026-W26"], "6"),
    ];
    for (period, weeks) in ana {
        assert_eq!(since("Ana", period), weeks, "{period:?}");
    }
    // October ends on Saturday of W44.
    assert_eq!(since("Cy", &["--month", "2026-10"]), "0");
    for period in [&["--from", "2026-01-01", "--to", "2026-11-10"][..], &["--month", "2026-11"], &["--week", "2026-W45"]] {
        // Until Tuesday of W46 the last is W45; the exports reach W46 on the day of the report.
        let weeks = if period[0] == "--month" { "2" } else { "1" };
        assert_eq!(since("Cy", period), weeks, "{period:?}");
    }
    for all in [&["--period", "all"][..], &["--period", "quarter"]] {
        let weeks = if all[1] == "all" { "2" } else { "0" };
        assert_eq!(since("Cy", all), weeks, "{all:?}");
    }
}

/// What a report of the section says, on one line.
fn page(folder: &Path, more: &[&str]) -> String {
    let output = leadlag("report", folder, &[&["--sections", "whole_job"], more].concat());
    let page = String::from_utf8(output.stdout).expect("text");
    page.split_whitespace().filter(|word| *word != "·").collect::<Vec<_>>().join(" ")
}

/// A folder of files without any configuration of its own.
fn folder_of(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("leadlag.toml", "")].iter().chain(files) {
        fs::write(folder.path().join(name), text).expect("written");
    }
    folder
}

#[test]
fn of_whom_there_is_no_activity_at_all_nothing_is_told() {
    let mut activities = "id,type,subject,owner,date,status,account\n".to_owned();
    // Ana calls ten times a week and Dan did so until W33, the week before the 13.
    for week in 30..=46 {
        for call in 0..10 {
            let mut add = |who: &str| writeln!(activities, "{who}{week}-{call},Call,Cold call,{who},{},Completed,Acme", monday(week));
            add("Ana").expect("text");
            if week <= 33 {
                add("Dan").expect("text");
            }
        }
    }
    let mut deals = "Deal Name,Owner,Account,Stage,Amount,Close Date,Created Date\n".to_owned();
    for (at, who) in ["Ana", "Ben", "Cleo", "Dan"].iter().enumerate() {
        writeln!(deals, "Open {at},{who},Acme,Proposal,100,2026-12-01,2026-03-02").expect("text");
        writeln!(deals, "Won {at},{who},Acme,Closed Won,100,2026-11-10,2026-03-02").expect("text");
    }
    let people = "name,role,team\nAna,rep,West\nBen,rep,West\nCleo,rep,East\nDan,rep,West\n";
    for roster in [Some(people), None] {
        let mut files = vec![("activities.csv", activities.as_str()), ("deals.csv", deals.as_str())];
        files.extend(roster.map(|people| ("people.csv", people)));
        let folder = folder_of(&files);
        let values = Values::of(folder.path(), &[]);
        for who in ["Ben", "Cleo"] {
            assert_eq!(values.all(who, "prospecting"), ["no_data"; 4], "{who}");
            for flag in ["neglected", "start_stop", "see_saw", "favourites"] {
                assert_eq!(values.get(who, flag), "no_data", "{who} {flag}");
            }
        }
        assert_eq!(values.all("Ana", "prospecting")[1..], ["1", "0", "0"]);
        let said = page(folder.path(), &[]);
        // In the order of the rows.
        let named = if roster.is_some() { "Cleo and Ben" } else { "Ben and Cleo" };
        assert!(said.contains(&format!("no activities of {named} in these exports")), "{said}");
        assert!(!said.contains("Ben: ") && !said.contains("Cleo: "), "{said}");
        if roster.is_some() {
            // Whoever has activities before the weeks is judged, and a team of which there is none is not.
            assert_eq!(values.get("Dan", "prospecting_weeks_since"), "13");
            assert_eq!(["Dan", "West", ""].map(|name| values.get(name, "neglected")), ["1", "1", "1"]);
            assert_eq!(values.all("East", "prospecting"), ["no_data"; 4]);
        }
    }
}

#[test]
fn activities_that_ended_are_said_to_have_ended() {
    let mut activities = "id,type,subject,owner,date,status,account\n".to_owned();
    for week in 20..=38 {
        writeln!(activities, "{week},Call,Cold call,Ana,{},Completed,Acme", monday(week)).expect("text");
    }
    let deals = "Deal Name,Owner,Account,Stage,Amount,Close Date,Created Date\nWon,Ana,Acme,Closed Won,100,2026-11-13,2026-03-02\n";
    let folder = folder_of(&[("activities.csv", &activities), ("deals.csv", deals)]);
    let path = folder.path().display().to_string();
    let said = |through: &[&str]| {
        let output = run(&[&["report", &path, "--sections", "whole_job", "--as-of", "2026-11-16"][..], through].concat());
        String::from_utf8(output.stdout).expect("text").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let page = said(&[]);
    // W38 begins on 14 September.
    assert!(page.contains("activities up to W46: those of these exports ended on Mon 14 Sep 2026"), "{page}");
    assert!(!page.contains("[words]"), "{page}");
}

#[test]
fn accounts_of_one_name_are_several_to_meet() {
    let mut accounts = "Account ID,Account Name,Owner\n".to_owned();
    for at in 1..=30 {
        writeln!(accounts, "A{at},Firm {at},Ana").expect("text");
    }
    // Three more of one name, of which one is met.
    for at in 31..=33 {
        writeln!(accounts, "A{at},Twin,Ana").expect("text");
    }
    let mut activities = "Activity ID,Type,Subject,Owner,Account ID,Date,Status\n".to_owned();
    for week in 34..=46 {
        for at in [1, 2, 3, 4, 31] {
            writeln!(activities, "{week}-{at},Meeting,Meeting,Ana,A{at},{},Completed", monday(week)).expect("text");
        }
    }
    let folder = folder_of(&[("accounts.csv", &accounts), ("activities.csv", &activities)]);
    let said = page(folder.path(), &[]);
    assert!(said.contains("65 of 65 meetings with five of 33 accounts"), "{said}");
}

#[test]
fn a_team_is_said_to_see_saw_together_where_most_of_three_or_more_do() {
    // The first so many of the people see-saw; the others do the same in each week.
    for (people, see_saw, together) in [(2, 2, None), (3, 1, None), (3, 2, Some("2 of 3")), (4, 2, None), (5, 3, Some("3 of 5"))] {
        let mut activities = "id,type,subject,owner,date,status,account\n".to_owned();
        let mut roster = "name,role,team\n".to_owned();
        for who in 0..people {
            writeln!(roster, "Rep {who},rep,West").expect("text");
            for week in 34..=46 {
                let (proposals, prospects) = if who >= see_saw {
                    (3, 3)
                } else if week % 2 == 0 {
                    (6, 0)
                } else {
                    (0, 4)
                };
                for at in 0..proposals + prospects {
                    let what = if at < proposals { "Proposal" } else { "Prospecting" };
                    writeln!(activities, "{who}-{week}-{at},Task,{what},Rep {who},{},Completed,Acme", monday(week)).expect("text");
                }
            }
        }
        // A target of a new quarter is no change of mind.
        let target = |value: u32, from: &str| {
            format!("[[target]]\nmeasure = \"prospecting\"\nlevel = \"team\"\nper = \"week\"\nvalue = {value}\nfrom = {from}\n\n")
        };
        let config = target(4, "2026-01-01") + &target(9, "2026-10-01");
        let folder = folder_of(&[("activities.csv", &activities), ("people.csv", &roster), ("leadlag.toml", &config)]);
        let values = Values::of(folder.path(), &[]);
        assert_eq!(values.get("West", "see_saw"), see_saw.to_string(), "{people} people");
        let said = page(folder.path(), &[]);
        match together {
            Some(of) => assert!(said.contains(&format!("West: {of} see-saw together: the cause is the manager's priority")), "{said}"),
            None => assert!(!said.contains("see-saw together"), "{people} people: {said}"),
        }
        assert!(!said.contains("mid-quarter"), "{said}");
    }
}

#[test]
fn the_first_meetings_of_young_exports_are_no_prospecting_that_stopped() {
    // Cy meets the same nine prospects every week, from the first week of the exports on.
    let young = |from: u32| {
        let mut activities = "id,type,subject,owner,date,status,account\n".to_owned();
        for week in from..=46 {
            for prospect in 0..9 {
                writeln!(activities, "{week}-{prospect},Meeting,Visit,Cy,{},Completed,Prospect {prospect}", monday(week)).expect("text");
            }
        }
        let deals = "Deal Name,Owner,Account,Stage,Amount,Close Date,Created Date\n\
                     Open,Cy,Prospect 0,Proposal,100,2026-12-01,2026-03-02\n\
                     Won,Cy,Old,Closed Won,100,2026-01-10,2025-03-02\n";
        folder_of(&[("activities.csv", &activities), ("deals.csv", deals)])
    };
    // From W37 on there are six weeks after the first 28 days.
    let values = Values::of(young(37).path(), &[]);
    assert_eq!(values.all("Cy", "prospecting"), ["too_few"; 4]);
    assert_eq!((values.get("Cy", "customer_contact_regularity"), values.get("Cy", "neglected")), ("1".to_owned(), "0".to_owned()));
    // From W34 on there are nine, none of them with a first meeting.
    let folder = young(34);
    let values = Values::of(folder.path(), &[]);
    assert_eq!(values.all("Cy", "prospecting"), ["0", "0", "9", "9"]);
    assert_eq!(values.get("Cy", "neglected"), "0");
    // What does not count is no evidence either.
    let output = leadlag("explain", folder.path(), &["prospecting_regularity", "--owner", "Cy"]);
    assert!(String::from_utf8(output.stdout).expect("text").contains("Counted: 0"));
}

#[test]
fn whoever_is_only_coached_does_not_coach() {
    let mut activities = "id,type,subject,owner,date,status\n".to_owned();
    for week in 33..=46 {
        writeln!(activities, "{week}c,Coaching,Coaching Lea,Vic,{},Completed", monday(week)).expect("text");
        writeln!(activities, "{week}m,Meeting,Visit,Lea,{},Completed", monday(week)).expect("text");
    }
    let people = "name,role,team,manager\nVic,leader,,\nLea,leader,West,Vic\nMax,leader,West,Vic\n";
    let folder = folder_of(&[("activities.csv", &activities), ("people.csv", people)]);
    let values = Values::of(folder.path(), &[]);
    assert_eq!(values.all("Vic", "coaching"), ["1", "1", "0", "0"]);
    assert_eq!(values.all("Lea", "coaching")[1..], ["0", "13", "13"]);
}

#[test]
fn words_of_a_subject_count_where_they_mean_the_component() {
    let cases = [
        ("Meeting", "Quarterly account review", "Acme", ""),
        ("Task", "Account review", "", "account_planning"),
        ("Meeting", "Account review Acme", "", "account_planning"),
        ("Training", "Training: proposal writing", "", ""),
        ("Coaching", "Coaching: negotiation", "", ""),
        ("Meeting", "Contractor visit", "Acme", ""),
        ("Meeting", "Contract terms", "Acme", "deal_work"),
        ("Task", "Send proposal", "Acme", "deal_work"),
        ("Task", "Prepare proposal", "Acme", "call_planning"),
        ("Task", "Prep: Acme", "Acme", "call_planning"),
        ("Task", "Acme demo prep", "Acme", "call_planning"),
        ("Task", "Lead general contractor", "Acme", ""),
        ("Task", "Lead gen", "Acme", "prospecting"),
    ];
    let mut activities = "id,type,subject,owner,date,status,account\n".to_owned();
    for (at, (kind, subject, account, _)) in cases.iter().enumerate() {
        writeln!(activities, "{at},{kind},{subject},P{at},{},Completed,{account}", monday(46)).expect("text");
    }
    // Long enough ago that the first weeks of the exports are over.
    writeln!(activities, "old,Call,Call,Old,{},Completed,Acme", monday(30)).expect("text");
    let folder = folder_of(&[("activities.csv", &activities)]);
    let components = ["prospecting", "account_planning", "call_planning", "deal_work"];
    let values = Values::of(folder.path(), &["--leads", &components.join(",")]);
    for (at, (_, subject, _, wanted)) in cases.iter().enumerate() {
        let counted: Vec<&str> = components.into_iter().filter(|name| values.get(&format!("P{at}"), name) == "1").collect();
        assert_eq!(counted, wanted.split_whitespace().collect::<Vec<_>>(), "{subject}");
    }
}
