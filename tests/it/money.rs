//! Money of many deals against a sum of whole numbers: each deal in one of four currencies, at the rate of its day, shared by two people.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Command;

const PEOPLE: [(&str, &str); 4] = [("Ana Silva", "West"), ("Ben Ortiz", "West"), ("Cy Dole", "East"), ("Dee Kim", "East")];

/// Rates in ten-thousandths of a dollar, each with the day of October 2026 from which it applies; the euro's first is older.
const RATES: [(&str, i64, i128); 5] = [("EUR", 1, 10_845), ("EUR", 11, 11_005), ("GBP", 1, 12_995), ("JPY", 1, 65), ("JPY", 21, 67)];

/// A sequence that looks random and is always the same.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Cents at a rate in ten-thousandths: cents again, half to even.
fn converted(cents: i128, rate: i128) -> i128 {
    let exact = cents * rate;
    let (whole, rest) = (exact.div_euclid(10_000), exact.rem_euclid(10_000));
    whole + i128::from(rest > 5_000 || rest == 5_000 && whole % 2 != 0)
}

/// A plain decimal as tenths of cents.
fn tenths(text: &str) -> i128 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part = format!("{part:0<3}");
    assert!(part[3..].bytes().all(|b| b == b'0'), "{text}: finer than a tenth of a cent");
    whole.parse::<i128>().unwrap() * 1_000 + part[..3].parse::<i128>().unwrap()
}

#[test]
fn converted_and_shared_money_adds_up_to_the_last_cent() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let mut rates = "currency,from,rate\n".to_owned();
    for (currency, day, rate) in RATES {
        let _ = writeln!(rates, "{currency},2026-10-{day:02},{}.{:04}", rate / 10_000, rate % 10_000);
    }
    let mut people = "name,team,role\n".to_owned();
    for (name, team) in PEOPLE {
        let _ = writeln!(people, "{name},{team},AE");
    }
    let mut numbers = Numbers(20_261_121);
    let mut deals = "deal_id,deal_name,owner,SDR,stage,amount,currency,close_date,created_date\n".to_owned();
    // By person: tenths of cents, and deals.
    let mut mine: BTreeMap<&str, (i128, i128)> = BTreeMap::new();
    let mut all = (0, 0);
    for id in 0..600 {
        let cents = i128::from(numbers.below(5_000_000));
        let currency = ["USD", "EUR", "GBP", "JPY"][numbers.below(4) as usize];
        let day = 1 + numbers.below(31) as i64;
        let owner = PEOPLE[numbers.below(4) as usize].0;
        let second = if numbers.below(3) == 0 { "" } else { PEOPLE[numbers.below(4) as usize].0 };
        let _ = writeln!(
            deals,
            "{id},Deal {id},{owner},{second},Closed Won,{}.{:02},{currency},2026-10-{day:02},2026-06-01",
            cents / 100,
            cents % 100
        );
        let rate = RATES.iter().filter(|(c, from, _)| *c == currency && *from <= day).map(|(.., rate)| *rate).next_back();
        let worth = rate.map_or(cents, |rate| converted(cents, rate));
        let shares = if second.is_empty() { vec![(owner, 10)] } else { vec![(owner, 7), (second, 3)] };
        for (name, tenths) in shares {
            mine.entry(name).or_default().0 += worth * tenths;
        }
        mine.entry(owner).or_default().1 += 1;
        if !second.is_empty() && second != owner {
            mine.entry(second).or_default().1 += 1;
        }
        all.0 += worth * 10;
        all.1 += 1;
    }
    write("rates.csv", &rates);
    write("people.csv", &people);
    write("deals.csv", &deals);
    write("activities.csv", "id,type,owner,account,activity_date,status\n1,Meeting,Ana Silva,X,2026-11-13,Completed\n");
    write(
        "leadlag.toml",
        "[money]\ncurrency = \"USD\"\nrates = \"rates.csv\"\n[credit]\ndeals = { owner = 0.7, SDR = 0.3 }\ncount = \"each\"\n",
    );
    let output = Command::new(env!("CARGO_BIN_EXE_leadlag"))
        .current_dir(folder.path())
        .args(["report", ".", "--as-of", "2026-11-16", "--month", "2026-10", "--lags", "revenue,deals_won", "--format", "csv"])
        .output()
        .unwrap();
    let csv = String::from_utf8(output.stdout).unwrap();
    assert!(csv.starts_with("level,"), "{}", String::from_utf8_lossy(&output.stderr));
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let found: BTreeMap<(String, String, String), String> = reader
        .records()
        .map(Result::unwrap)
        .map(|row| ((row[0].to_owned(), row[1].to_owned(), row[8].to_owned()), row[10].to_owned()))
        .collect();
    let value = |level: &str, name: &str, measure: &str| found[&(level.to_owned(), name.to_owned(), measure.to_owned())].as_str();
    assert_eq!((tenths(value("all", "", "revenue")), value("all", "", "deals_won")), (all.0, all.1.to_string().as_str()));
    let mut teams: BTreeMap<&str, i128> = BTreeMap::new();
    for (name, team) in PEOPLE {
        let (money, deals) = mine[name];
        assert_eq!(tenths(value("owner", name, "revenue")), money, "{name}");
        assert_eq!(value("owner", name, "deals_won"), deals.to_string(), "{name}");
        *teams.entry(team).or_default() += money;
    }
    for (team, money) in &teams {
        assert_eq!(tenths(value("team", team, "revenue")), *money, "{team}");
    }
    assert_eq!(teams.values().sum::<i128>(), all.0);
}
