#![allow(clippy::unwrap_used, clippy::expect_used)]

mod properties;

use super::*;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn range(text: &str) -> Range {
    let (first, last) = text.split_once('/').unwrap();
    Range::new(day(first), day(last)).unwrap()
}

fn calendar(change: impl FnOnce(&mut CalendarSpec)) -> Calendar {
    let mut spec = CalendarSpec::default();
    change(&mut spec);
    Calendar::new(&spec).unwrap()
}

fn fiscal(month: u8, of_month: u8) -> Calendar {
    calendar(|spec| spec.fiscal_year_starts = Some((month, of_month)))
}

/// Sunday weeks, with fiscal years of whole weeks.
fn weekly(month: u8, of_month: u8, pattern: Pattern) -> Calendar {
    calendar(|spec| {
        spec.week_starts = Weekday::Sun;
        spec.fiscal_year_starts = Some((month, of_month));
        spec.pattern = Some(pattern);
    })
}

/// Name and days of the period that holds a day.
fn shown(calendar: &Calendar, grain: Grain, text: &str) -> String {
    let period = calendar.period_of(grain, day(text));
    format!("{} {}", period.name, period.range)
}

#[test]
fn days_are_written_and_read_in_one_form() {
    assert_eq!(Day(0).to_string(), "1970-01-01");
    assert_eq!(day("2026-11-14").weekday(), Weekday::Sat);
    assert_eq!(day("2026-11-14").plus(-14), day("2026-10-31"));
    assert_eq!(day("2024-03-01").since(day("2024-02-01")), 29);
    assert_eq!(format!("{:>12}|", day("2026-11-14")), "  2026-11-14|");
    for no_day in
        ["", "2026-13-40", "2026-02-29", "2026-2-9", "26-02-09", "2026-11-14 ", "2026/11/14", "+026-11-14", "0000-01-01", "２０２６-11-14"]
    {
        assert_eq!(Day::parse(no_day), None, "{no_day}");
    }
    assert_eq!(parse_date("2026-13-40").unwrap_err(), "not a date: 2026-13-40; write it as 2026-11-14");
}

#[test]
fn days_outside_the_calendar_count_as_its_ends() {
    assert_eq!((Day::MIN.to_string(), Day::MAX.to_string()), ("0001-01-01".to_owned(), "9999-12-31".to_owned()));
    for (outside, end) in [(i32::MIN, Day::MIN), (i32::MAX, Day::MAX)] {
        assert_eq!(Day(outside).ymd(), end.ymd());
        assert_eq!(Day(outside).weekday(), end.weekday());
        assert_eq!(Day(outside).to_civil(), end.to_civil());
        assert_eq!(Day(outside).plus(outside), end);
    }
    assert_eq!(Day::from_civil(jiff::civil::Date::MIN), Day::MIN);
    assert_eq!(Range::ALWAYS.len(), 3_652_059);
    assert_eq!(Range { first: Day(i32::MIN), last: Day(i32::MAX) }.len(), 3_652_059);
}

#[test]
fn ranges_include_both_ends() {
    let week = range("2026-11-09/2026-11-15");
    assert_eq!(week.len(), 7);
    assert!(week.contains(day("2026-11-09")) && week.contains(day("2026-11-15")) && !week.contains(day("2026-11-16")));
    assert_eq!(week.intersect(range("2026-11-15/2026-12-01")), Some(Range::day(day("2026-11-15"))));
    assert_eq!(week.intersect(range("2026-11-16/2026-12-01")), None);
    assert_eq!(week.until(day("2026-11-11")), Some(range("2026-11-09/2026-11-11")));
    assert_eq!(week.until(day("2026-11-08")), None);
    assert_eq!(Range::new(day("2026-11-15"), day("2026-11-14")), None);
}

#[test]
fn weekdays_have_names_and_beginnings_of_names() {
    assert_eq!(Weekday::parse("Mon"), Some(Weekday::Mon));
    assert_eq!(Weekday::parse("THURS"), Some(Weekday::Thu));
    assert_eq!(Weekday::parse("sunday"), Some(Weekday::Sun));
    for unknown in ["", "t", "su", "mond.", "sundays"] {
        assert_eq!(Weekday::parse(unknown), None);
    }
}

#[test]
fn weeks_are_named_as_in_iso_8601() {
    // The table of the standard's article in Wikipedia ("ISO week date"), and the weeks of the example page.
    let known = [
        ("1977-01-01", "1976-W53"),
        ("1978-01-02", "1978-W01"),
        ("1979-12-31", "1980-W01"),
        ("1981-12-31", "1981-W53"),
        ("2005-01-01", "2004-W53"),
        ("2007-01-01", "2007-W01"),
        ("2008-12-29", "2009-W01"),
        ("2010-01-03", "2009-W53"),
        ("2020-12-31", "2020-W53"),
        ("2021-01-03", "2020-W53"),
        ("2021-01-04", "2021-W01"),
        ("2024-12-30", "2025-W01"),
        ("2026-11-14", "2026-W46"),
        ("2026-12-31", "2026-W53"),
    ];
    for (date, name) in known {
        assert_eq!(Calendar::default().period_of(Grain::Week, day(date)).name, name, "{date}");
    }
    assert_eq!(shown(&Calendar::default(), Grain::Week, "2026-11-14"), "2026-W46 2026-11-09/2026-11-15");
}

#[test]
fn a_week_that_starts_on_another_day_is_named_by_its_monday() {
    let weeks_of = |start| calendar(|spec| spec.week_starts = start);
    // Monday of 2026-W46 is November 9.
    assert_eq!(shown(&weeks_of(Weekday::Sun), Grain::Week, "2026-11-08"), "2026-W46 2026-11-08/2026-11-14");
    assert_eq!(shown(&weeks_of(Weekday::Sun), Grain::Week, "2026-11-15"), "2026-W47 2026-11-15/2026-11-21");
    assert_eq!(shown(&weeks_of(Weekday::Sat), Grain::Week, "2026-11-09"), "2026-W46 2026-11-07/2026-11-13");
    assert_eq!(shown(&weeks_of(Weekday::Tue), Grain::Week, "2026-11-09"), "2026-W46 2026-11-03/2026-11-09");
    assert_eq!(weeks_of(Weekday::Sun).named(Grain::Week, "2026-W46").unwrap().range, range("2026-11-08/2026-11-14"));
}

#[test]
fn months_quarters_and_years_of_the_calendar() {
    let plain = Calendar::default();
    assert_eq!(shown(&plain, Grain::Day, "2026-11-14"), "2026-11-14 2026-11-14/2026-11-14");
    assert_eq!(shown(&plain, Grain::Month, "2024-02-29"), "2024-02 2024-02-01/2024-02-29");
    assert_eq!(shown(&plain, Grain::Month, "2026-12-31"), "2026-12 2026-12-01/2026-12-31");
    assert_eq!(shown(&plain, Grain::Quarter, "2026-11-14"), "2026-Q4 2026-10-01/2026-12-31");
    assert_eq!(shown(&plain, Grain::Quarter, "2026-01-01"), "2026-Q1 2026-01-01/2026-03-31");
    assert_eq!(shown(&plain, Grain::Year, "2026-11-14"), "2026 2026-01-01/2026-12-31");
    assert_eq!(shown(&plain, Grain::All, "2026-11-14"), "all 0001-01-01/9999-12-31");
    assert_eq!(shown(&plain, Grain::Range, "2026-11-14"), "2026-11-14/2026-11-14 2026-11-14/2026-11-14");
    assert_eq!(shown(&fiscal(1, 1), Grain::Year, "2026-11-14"), "2026 2026-01-01/2026-12-31");
}

#[test]
fn fiscal_years_are_named_by_the_year_in_which_they_end() {
    let february = fiscal(2, 1);
    assert_eq!(shown(&february, Grain::Year, "2026-02-01"), "FY2027 2026-02-01/2027-01-31");
    assert_eq!(shown(&february, Grain::Year, "2026-01-31"), "FY2026 2025-02-01/2026-01-31");
    assert_eq!(shown(&february, Grain::Quarter, "2026-04-30"), "FY2027-Q1 2026-02-01/2026-04-30");
    assert_eq!(shown(&february, Grain::Quarter, "2026-11-14"), "FY2027-Q4 2026-11-01/2027-01-31");
    assert_eq!(shown(&february, Grain::Month, "2026-11-14"), "2026-11 2026-11-01/2026-11-30");
    // The fiscal year of the federal government of the United States: FY2027 begins on October 1, 2026.
    assert_eq!(shown(&fiscal(10, 1), Grain::Quarter, "2026-11-14"), "FY2027-Q1 2026-10-01/2026-12-31");
    assert_eq!(shown(&fiscal(10, 1), Grain::Quarter, "2027-01-01"), "FY2027-Q2 2027-01-01/2027-03-31");
    // The tax year of the United Kingdom.
    assert_eq!(shown(&fiscal(4, 6), Grain::Year, "2026-04-05"), "FY2026 2025-04-06/2026-04-05");
    assert_eq!(shown(&fiscal(1, 2), Grain::Year, "2026-01-01"), "FY2026 2025-01-02/2026-01-01");
}

#[test]
fn quarters_that_start_at_the_end_of_short_months() {
    let august = fiscal(8, 31);
    let starts: Vec<String> =
        august.partition(Grain::Quarter, range("2026-08-31/2027-08-30")).iter().map(|p| p.range.first.to_string()).collect();
    assert_eq!(starts, ["2026-08-31", "2026-11-30", "2027-02-28", "2027-05-31"]);
}

#[test]
fn the_published_retail_calendar() {
    // National Retail Federation, 4-5-4 calendar: first and last day of its years, and the years with 53 weeks (2000, 2006, 2012, 2017, 2023).
    // The federation names a year by its beginning.
    let retail = weekly(2, 1, Pattern::FourFiveFour);
    let published = [
        (2006, "2006-01-29/2007-02-03"),
        (2012, "2012-01-29/2013-02-02"),
        (2017, "2017-01-29/2018-02-03"),
        (2022, "2022-01-30/2023-01-28"),
        (2023, "2023-01-29/2024-02-03"),
        (2024, "2024-02-04/2025-02-01"),
        (2025, "2025-02-02/2026-01-31"),
    ];
    for (begins, days) in published {
        let year = retail.named(Grain::Year, &format!("FY{}", begins + 1)).unwrap();
        assert_eq!(year.range, range(days), "{begins}");
    }
    let long: Vec<i32> =
        (2000..2024).filter(|begins| retail.named(Grain::Year, &format!("FY{}", begins + 1)).unwrap().range.len() == 53 * 7).collect();
    assert_eq!(long, [2000, 2006, 2012, 2017, 2023]);
    let quarters = retail.partition(Grain::Quarter, range("2023-01-29/2024-02-03"));
    let weeks: Vec<u32> = quarters.iter().map(|quarter| quarter.range.len() / 7).collect();
    assert_eq!(weeks, [13, 13, 13, 14]);
    assert_eq!(quarters.get(3).unwrap().name, "FY2024-Q4");
    assert_eq!(quarters.get(3).unwrap().range, range("2023-10-29/2024-02-03"));
    // Months stay those of the calendar.
    assert_eq!(shown(&retail, Grain::Month, "2023-02-01"), "2023-02 2023-02-01/2023-02-28");
}

#[test]
fn years_that_end_on_the_last_saturday_of_september() {
    // Apple's annual reports: fiscal 2023 had 53 weeks and ended on September 30, 2023.
    let apple = weekly(9, 28, Pattern::FiveFourFour);
    for (name, days) in [("FY2022", "2021-09-26/2022-09-24"), ("FY2023", "2022-09-25/2023-09-30"), ("FY2024", "2023-10-01/2024-09-28")] {
        assert_eq!(apple.named(Grain::Year, name).unwrap().range, range(days));
    }
}

#[test]
fn years_of_weeks_around_new_year_keep_their_names_apart() {
    let january = weekly(1, 1, Pattern::FourFourFive);
    // 2026-01-01 is a Thursday: the nearest Sunday is January 4. 2025-01-01 is a Wednesday: December 29.
    assert_eq!(shown(&january, Grain::Year, "2026-01-01"), "FY2025 2024-12-29/2026-01-03");
    assert_eq!(shown(&january, Grain::Year, "2026-01-04"), "FY2026 2026-01-04/2027-01-02");
    assert_eq!(shown(&january, Grain::Quarter, "2026-01-01"), "FY2025-Q4 2025-09-28/2026-01-03");
}

#[test]
fn thirteen_periods_of_four_weeks() {
    let calendar = weekly(1, 1, Pattern::Thirteen);
    let weeks: Vec<u32> = calendar.partition(Grain::Quarter, range("2026-01-04/2027-01-02")).iter().map(|q| q.range.len() / 7).collect();
    assert_eq!(weeks, [12, 12, 12, 16]);
    assert_eq!(Pattern::parse("4x13"), Some(Pattern::Thirteen));
    assert_eq!(Pattern::parse("445"), Some(Pattern::FourFourFive));
    assert_eq!(Pattern::parse("4-5-4"), Some(Pattern::FourFiveFour));
    assert_eq!(Pattern::parse("4-6-4"), None);
}

#[test]
fn names_that_are_wrong_say_what_is_expected() {
    let plain = Calendar::default();
    let february = fiscal(2, 1);
    let wrong = |calendar: &Calendar, grain, name: &str| calendar.named(grain, name).unwrap_err();
    assert_eq!(wrong(&plain, Grain::Week, "2026-46"), "not a week: 2026-46; write it as 2026-W46");
    assert_eq!(wrong(&plain, Grain::Week, "2025-W53"), "no such week: 2025-W53; 2025 has the weeks W01 to W52");
    assert_eq!(wrong(&plain, Grain::Week, "2026-W00"), "no such week: 2026-W00; 2026 has the weeks W01 to W53");
    assert_eq!(wrong(&plain, Grain::Month, "2026-13"), "not a month: 2026-13; write it as 2026-11");
    assert_eq!(wrong(&plain, Grain::Quarter, "FY2027-Q1"), "not a quarter: FY2027-Q1; write it as 2026-Q4");
    assert_eq!(
        wrong(&february, Grain::Quarter, "2026-Q4"),
        "not a quarter: 2026-Q4; write it as FY2026-Q4: fiscal years are named by the year in which they end"
    );
    assert_eq!(wrong(&plain, Grain::Quarter, "2026-Q5"), "not a quarter: 2026-Q5; write it as 2026-Q4");
    assert_eq!(wrong(&plain, Grain::Year, "26"), "not a year: 26; write it as 2026");
    assert_eq!(wrong(&plain, Grain::Year, "0000"), "no such year: 0000; days run from 0001-01-01 to 9999-12-31");
    assert_eq!(wrong(&plain, Grain::Day, "14.11.2026"), "not a date: 14.11.2026; write it as 2026-11-14");
    assert_eq!(wrong(&plain, Grain::All, "2026"), "not a period: 2026; write all");
    assert_eq!(wrong(&plain, Grain::Range, "2026-11-01"), "not a range of days: 2026-11-01; write it as 2026-11-01/2026-11-15");
    assert_eq!(wrong(&plain, Grain::Range, "2026-11-15/2026-11-01"), "no day lies in 2026-11-15/2026-11-01: it begins after its end");
    for grain in [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Year, Grain::All, Grain::Range] {
        for name in ["", "-", "é-Wé", "-W-", "FY", "FY-Q1", "99999-W01", "FY99999", "2026-W4６", "/", "2026-Q1-Q1"] {
            assert!(plain.named(grain, name).is_err(), "{grain} {name}");
            assert!(february.named(grain, name).is_err(), "{grain} {name}");
        }
    }
    assert_eq!(plain.named(Grain::Week, "2026-w46").unwrap().name, "2026-W46");
    assert_eq!(february.named(Grain::Quarter, "fy2027-q1").unwrap().name, "FY2027-Q1");
}

#[test]
fn periods_follow_each_other() {
    let plain = Calendar::default();
    let week = plain.named(Grain::Week, "2026-W53").unwrap();
    assert_eq!(plain.next(&week).name, "2027-W01");
    assert_eq!(plain.previous(&week).name, "2026-W52");
    let half = plain.named(Grain::Range, "2026-11-01/2026-11-15").unwrap();
    assert_eq!(plain.next(&half).name, "2026-11-16/2026-11-30");
    assert_eq!(plain.previous(&half).name, "2026-10-17/2026-10-31");
    let all = plain.all_period(range("2026-11-01/2026-11-15"));
    assert_eq!((plain.next(&all), plain.previous(&all)), (all.clone(), all.clone()));
    let names: Vec<String> = plain.ending_with(&week, 3).iter().map(|period| period.name.clone()).collect();
    assert_eq!(names, ["2026-W51", "2026-W52", "2026-W53"]);
    assert_eq!(plain.ending_with(&week, 0).len(), 1);
    assert_eq!(plain.ending_with(&all, usize::MAX).len(), 1);
    let year = plain.named(Grain::Year, "0003").unwrap();
    assert_eq!(plain.ending_with(&year, usize::MAX).len(), 3);
    for grain in Grain::NAMED {
        let (first, last) = (plain.period_of(grain, Day::MIN), plain.period_of(grain, Day::MAX));
        assert_eq!((plain.previous(&first), plain.next(&last)), (first.clone(), last.clone()));
    }
}

#[test]
fn a_partition_has_every_period_that_touches_the_range() {
    let plain = Calendar::default();
    let months = plain.partition(Grain::Month, range("2026-11-14/2027-01-01"));
    let names: Vec<&str> = months.iter().map(|period| period.name.as_str()).collect();
    assert_eq!(names, ["2026-11", "2026-12", "2027-01"]);
    assert_eq!(months.range(), range("2026-11-01/2027-01-31"));
    assert_eq!(months.index_of(day("2026-11-01")), Some(0));
    assert_eq!(months.index_of(day("2026-12-31")), Some(1));
    assert_eq!(months.index_of(day("2027-01-31")), Some(2));
    for outside in [day("2026-10-31"), day("2027-02-01"), Day(i32::MIN), Day(i32::MAX)] {
        assert_eq!(months.index_of(outside), None);
    }
    let whole = plain.partition(Grain::All, range("2026-11-14/2026-11-20"));
    assert_eq!((whole.len(), whole.get(0).unwrap().name.as_str(), whole.range()), (1, "all", range("2026-11-14/2026-11-20")));
    let days = plain.partition(Grain::Range, range("2026-11-14/2026-11-20"));
    assert_eq!((days.len(), days.get(0).unwrap().name.as_str()), (1, "2026-11-14/2026-11-20"));
    // Too long for a table of days.
    let years = plain.partition(Grain::Year, Range::ALWAYS);
    assert_eq!(years.len(), 9_999);
    assert_eq!(years.index_of(day("2026-11-14")), Some(2_025));
    assert_eq!((years.index_of(Day(i32::MIN)), years.index_of(Day(i32::MAX))), (None, None));
}

#[test]
fn workdays_leave_out_holidays_and_absences() {
    let shop = calendar(|spec| spec.holidays = vec![day("2026-12-25"), day("2026-11-26"), day("2026-11-28"), day("2026-12-25")]);
    // November 2026 has 21 days from Monday to Friday, one of them Thanksgiving; November 28 is a Saturday.
    assert_eq!(shop.workdays(range("2026-11-01/2026-11-30")), 20);
    assert_eq!(shop.workdays(range("2026-11-28/2026-11-29")), 0);
    assert!(!shop.is_workday(day("2026-11-26")) && !shop.is_workday(day("2026-11-29")) && shop.is_workday(day("2026-11-27")));
    let away =
        [range("2026-11-09/2026-11-13"), range("2026-11-11/2026-11-17"), range("2026-11-10/2026-11-10"), range("2026-11-30/2027-03-01")];
    assert_eq!(shop.workdays_except(range("2026-11-01/2026-11-30"), &away), 20 - 7 - 1);
    assert_eq!(shop.workdays_except(range("2026-11-09/2026-11-15"), &[Range::ALWAYS]), 0);
    assert_eq!(shop.last_workday(range("2026-11-23/2026-11-29")), Some(day("2026-11-27")));
    assert_eq!(shop.last_workday(range("2026-11-20/2026-11-26")), Some(day("2026-11-25")));
    assert_eq!(shop.last_workday(range("2026-11-28/2026-11-29")), None);
    // 146,097 days of 400 years are 20,871 whole weeks.
    assert_eq!(Calendar::default().workdays(range("2001-01-01/2400-12-31")), 20_871 * 5);
}

#[test]
fn exports_reach_a_period_that_ends_on_a_free_day() {
    let shop = calendar(|spec| spec.holidays = vec![day("2026-11-27")]);
    let week = range("2026-11-23/2026-11-29");
    assert!(!shop.reaches_end(week, day("2026-11-25")));
    assert!(shop.reaches_end(week, day("2026-11-26")));
    assert!(shop.reaches_end(Range::day(day("2026-11-29")), day("2026-11-26")));
    assert!(!shop.reaches_end(Range::day(day("2026-11-29")), day("2026-11-25")));
}

fn instant(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

#[test]
fn an_instant_falls_on_the_day_of_the_reports_zone() {
    let chicago = calendar(|spec| spec.time_zone = Some("america/chicago".to_owned()));
    assert_eq!(chicago.zone_name(), "America/Chicago");
    // Six hours behind in winter, five in summer; clocks change on March 8 and November 1, 2026.
    for (utc, local) in [
        ("2026-11-15T05:59:59.999Z", "2026-11-14"),
        ("2026-11-15T06:00:00Z", "2026-11-15"),
        ("2026-07-01T04:59:59.999Z", "2026-06-30"),
        ("2026-07-01T05:00:00Z", "2026-07-01"),
        ("2026-11-01T05:00:00Z", "2026-11-01"),
        ("2026-11-02T05:59:59Z", "2026-11-01"),
        ("1969-12-31T23:00:00Z", "1969-12-31"),
        ("2099-01-01T05:59:59Z", "2098-12-31"),
    ] {
        assert_eq!(chicago.day_of_instant(instant(utc)), day(local), "{utc}");
    }
    assert_eq!(Calendar::default().day_of_instant(-1), day("1969-12-31"));
    assert_eq!(Zone::named("Asia/Kolkata").unwrap().day_of(instant("2026-11-14T18:30:00Z")), day("2026-11-15"));
    for zone in [Zone::utc(), Zone::named("Pacific/Auckland").unwrap()] {
        assert_eq!((zone.day_of(i64::MIN), zone.day_of(i64::MAX)), (Day::MIN, Day::MAX));
    }
}

#[test]
fn a_local_time_becomes_an_instant() {
    let hour = 3_600_000;
    let chicago = Zone::named("America/Chicago").unwrap();
    assert_eq!(chicago.instant(day("2026-11-14"), 9 * hour + 1), instant("2026-11-14T15:00:00.001Z"));
    // Clocks go from 1:59 to 3:00 on March 8: half past two is read as half past three.
    assert_eq!(chicago.instant(day("2026-03-08"), 2 * hour + hour / 2), instant("2026-03-08T08:30:00Z"));
    // They show half past one twice on November 1: the first is taken, in summer time.
    assert_eq!(chicago.instant(day("2026-11-01"), hour + hour / 2), instant("2026-11-01T06:30:00Z"));
    assert_eq!(chicago.instant(day("2026-11-14"), 24 * hour), chicago.instant(day("2026-11-15"), 0));
    assert_eq!(chicago.local(instant("2026-11-14T15:00:00.001Z")), (day("2026-11-14"), 9 * hour + 1));
    for end in [Day(i32::MIN), Day(i32::MAX)] {
        assert_eq!(chicago.day_of(chicago.instant(end, 0)), end.clamped());
        let _ = chicago.instant(end, u32::MAX);
    }
}

#[test]
fn unknown_zones_are_refused_with_names_like_them() {
    assert_eq!(Zone::named("Chicago").unwrap_err(), "no such time zone: Chicago; did you mean America/Chicago?");
    assert!(Zone::named("US/New York").unwrap_err().contains("America/New_York"));
    for unknown in ["", "CDST", "Mars/Olympus", "Etc/Unknown"] {
        assert_eq!(
            Zone::named(unknown).unwrap_err(),
            format!("no such time zone: {unknown}; write its IANA name, such as America/Chicago")
        );
    }
}

#[test]
fn specifications_that_cannot_be() {
    let refused = |change: fn(&mut CalendarSpec)| {
        let mut spec = CalendarSpec::default();
        change(&mut spec);
        Calendar::new(&spec).unwrap_err()
    };
    assert_eq!(refused(|spec| spec.time_zone = Some("Nowhere".to_owned())).key, "time_zone");
    assert_eq!(refused(|spec| spec.workdays = Vec::new()).key, "workdays");
    for start in [(2, 29), (2, 30), (4, 31), (13, 1), (0, 1), (1, 0), (255, 255)] {
        let mut spec = CalendarSpec { fiscal_year_starts: Some(start), ..CalendarSpec::default() };
        assert_eq!(Calendar::new(&spec).unwrap_err().key, "fiscal_year_starts", "{start:?}");
        spec.pattern = Some(Pattern::FourFourFive);
        assert!(Calendar::new(&spec).is_err());
    }
    assert_eq!(parse_month_day("02-01"), Ok((2, 1)));
    assert_eq!(parse_month_day("02-29").unwrap_err(), "not a day of every year: 02-29; write month and day as 02-01");
    assert!(parse_month_day("2-1").is_err() && parse_month_day("02-01-").is_err() && parse_month_day("").is_err());
}
