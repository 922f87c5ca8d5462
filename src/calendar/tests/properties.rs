//! What holds for every calendar, against loops over days and against jiff's own dates.

use proptest::prelude::*;

use super::super::*;

const GRAINS: [Grain; 5] = [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Year];

fn any_day() -> impl Strategy<Value = Day> {
    prop_oneof![8 => -20_000..40_000_i32, 1 => Day::MIN.0..Day::MAX.0, 1 => Day::MIN.0..Day::MIN.0 + 800, 1 => Day::MAX.0 - 800..=Day::MAX.0].prop_map(Day)
}

fn any_range(longest: i32) -> impl Strategy<Value = Range> {
    (any_day(), 0..longest).prop_map(|(first, more)| Range { first, last: first.plus(more) })
}

fn any_grain() -> impl Strategy<Value = Grain> {
    proptest::sample::select(&GRAINS[..])
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    let starts = (1..=12_u8, 1..=31_u8).prop_filter("a day of every year", |&(month, day)| fiscal::in_every_year(month, day));
    (
        proptest::sample::select(&Weekday::ALL[..]),
        proptest::option::of(starts),
        proptest::option::of(proptest::sample::select(&Pattern::ALL[..])),
        proptest::collection::vec(proptest::sample::select(&Weekday::ALL[..]), 1..8),
        proptest::collection::vec(any_day(), 0..30),
    )
        .prop_map(|(week_starts, fiscal_year_starts, pattern, workdays, holidays)| {
            Calendar::new(&CalendarSpec { week_starts, time_zone: None, fiscal_year_starts, pattern, workdays, holidays }).unwrap()
        })
}

proptest! {
    #[test]
    fn days_agree_with_jiff(day in any_day()) {
        let date = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(day.0)).unwrap();
        prop_assert_eq!(day.to_civil(), date);
        prop_assert_eq!(Day::from_civil(date), day);
        prop_assert_eq!(day.to_string(), date.to_string());
        prop_assert_eq!(Day::parse(&date.to_string()), Some(day));
        prop_assert_eq!(day.weekday().index() as i8, date.weekday().to_monday_zero_offset());
        let week = date.iso_week_date();
        let name = Calendar::default().period_of(Grain::Week, day).name;
        prop_assert_eq!(name, format!("{:04}-W{:02}", week.year(), week.week()));
    }

    #[test]
    fn any_number_is_some_day(number: i32, days: i32, calendar in any_calendar()) {
        let day = Day(number).plus(days);
        prop_assert!(Day::MIN <= day && day <= Day::MAX);
        for grain in GRAINS {
            prop_assert!(calendar.period_of(grain, Day(number)).range.contains(Day(number).clamped()));
        }
    }

    #[test]
    fn periods_partition_the_days(calendar in any_calendar(), grain in any_grain(), range in any_range(2_000)) {
        let partition = calendar.partition(grain, range);
        let (first, last) = (partition.get(0).unwrap(), partition.get(partition.len() - 1).unwrap());
        prop_assert!(first.range.contains(range.first) && last.range.contains(range.last));
        for pair in partition.periods().windows(2) {
            prop_assert_eq!(pair[0].range.last.plus(1), pair[1].range.first);
        }
        for number in range.first.0 - 3..=range.last.0 + 3 {
            let day = Day(number);
            let naive = partition.iter().position(|period| period.range.first <= day && day <= period.range.last);
            prop_assert_eq!(partition.index_of(day), naive);
            if let Some(index) = naive {
                prop_assert_eq!(&calendar.period_of(grain, day), partition.get(index).unwrap());
            }
        }
    }

    #[test]
    fn names_are_unique_and_lead_back(calendar in any_calendar(), grain in any_grain(), day in any_day()) {
        let period = calendar.period_of(grain, day);
        prop_assert_eq!(calendar.named(grain, &period.name), Ok(period.clone()));
        prop_assert_eq!(calendar.named(grain, &period.name.to_lowercase()), Ok(period));
    }

    #[test]
    fn next_and_previous_are_inverse(calendar in any_calendar(), grain in any_grain(), day in any_day()) {
        let period = calendar.period_of(grain, day);
        let (next, previous) = (calendar.next(&period), calendar.previous(&period));
        if next != period {
            prop_assert_eq!(period.range.last.plus(1), next.range.first);
            prop_assert_eq!(&calendar.previous(&next), &period);
        }
        if previous != period {
            prop_assert_eq!(previous.range.last.plus(1), period.range.first);
            prop_assert_eq!(&calendar.next(&previous), &period);
        }
    }

    #[test]
    fn years_count_up_by_one_and_have_four_quarters(calendar in any_calendar(), day in (-20_000..40_000_i32).prop_map(Day)) {
        let year = calendar.period_of(Grain::Year, day);
        let number = |period: &Period| period.name.trim_start_matches("FY").parse::<i32>().unwrap();
        prop_assert_eq!(number(&calendar.next(&year)), number(&year) + 1);
        let quarters = calendar.partition(Grain::Quarter, year.range);
        prop_assert_eq!(quarters.range(), year.range);
        let names: Vec<String> = quarters.iter().map(|quarter| quarter.name.clone()).collect();
        prop_assert_eq!(names, (1..=4).map(|quarter| format!("{}-Q{quarter}", year.name)).collect::<Vec<_>>());
        // Named by the year in which it ends, or, made of weeks, by the one in which it can end at the earliest.
        let (ends, _, _) = year.range.last.ymd();
        let (could_end, _, _) = year.range.last.plus(-6).ymd();
        prop_assert!(number(&year) == i32::from(ends) || number(&year) == i32::from(could_end));
    }

    #[test]
    fn years_of_weeks_start_near_their_day(
        week_starts in proptest::sample::select(&Weekday::ALL[..]),
        month in 1..=12_u8,
        of_month in 1..=28_u8,
        pattern in proptest::sample::select(&Pattern::ALL[..]),
        day in (-20_000..40_000_i32).prop_map(Day),
    ) {
        let spec = CalendarSpec { week_starts, fiscal_year_starts: Some((month, of_month)), pattern: Some(pattern), ..CalendarSpec::default() };
        let year = Calendar::new(&spec).unwrap().period_of(Grain::Year, day);
        prop_assert_eq!(year.range.first.weekday(), week_starts);
        prop_assert!(year.range.len() == 52 * 7 || year.range.len() == 53 * 7);
        let near = (-3..=3).map(|days| year.range.first.plus(days).ymd()).any(|(_, m, d)| (m, d) == (month as i8, of_month as i8));
        prop_assert!(near);
    }

    #[test]
    fn workdays_equal_a_walk_over_the_days(
        calendar in any_calendar(),
        range in any_range(900),
        absences in proptest::collection::vec((-50..900_i32, 0..60_i32), 0..8),
    ) {
        let absences: Vec<Range> =
            absences.into_iter().map(|(from, more)| Range { first: range.first.plus(from), last: range.first.plus(from).plus(more) }).collect();
        let worked = |except: &[Range]| {
            (range.first.0..=range.last.0).map(Day).filter(|&day| calendar.is_workday(day) && !except.iter().any(|a| a.contains(day))).count()
        };
        prop_assert_eq!(calendar.workdays(range) as usize, worked(&[]));
        prop_assert_eq!(calendar.workdays_except(range, &absences) as usize, worked(&absences));
        prop_assert_eq!(calendar.last_workday(range), (range.first.0..=range.last.0).map(Day).rfind(|&day| calendar.is_workday(day)));
    }

    #[test]
    fn instants_agree_with_jiff(millis in -4_000_000_000_000..8_000_000_000_000_i64, name in proptest::sample::select(vec!["America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"])) {
        let zone = Zone::named(name).unwrap();
        let zoned = jiff::Timestamp::from_millisecond(millis).unwrap().to_zoned(jiff::tz::TimeZone::get(name).unwrap());
        prop_assert_eq!(zone.day_of(millis), Day::from_civil(zoned.date()));
        let (day, of_day) = zone.local(millis);
        // An hour that clocks show twice leads back to its first time.
        let back = zone.instant(day, of_day);
        prop_assert!(back == millis || (millis - back > 0 && millis - back <= 3_600_000));
    }
}
