//! Pace as the company's own past quarters have grown, against amounts worked out by hand.

use crate::program;

/// Three quarters of which each won 100 on its fifth workday and 300 on its last, and a fourth of which 29 workdays have passed.
const DEALS: &str = "deal_id,rep_name,stage,amount,created_date,close_date,modified_date\n\
    D1,Ana Silva,Closed Won,100,2026-01-02,2026-01-07,2026-01-07\n\
    D2,Ana Silva,Closed Won,300,2026-01-02,2026-03-31,2026-03-31\n\
    D3,Ana Silva,Closed Won,100,2026-01-02,2026-04-07,2026-04-07\n\
    D4,Ana Silva,Closed Won,300,2026-01-02,2026-06-30,2026-06-30\n\
    D5,Ana Silva,Closed Won,100,2026-01-02,2026-07-07,2026-07-07\n\
    D6,Ana Silva,Closed Won,300,2026-01-02,2026-09-30,2026-09-30\n\
    D7,Ana Silva,Closed Won,90,2026-01-02,2026-10-20,2026-11-10\n";

fn pace(config: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("deals.csv"), DEALS).expect("deals");
    std::fs::write(path("targets.csv"), "measure,level,name,per,value\nrevenue,owner,Ana Silva,quarter,660\n").expect("targets");
    std::fs::write(path("leadlag.toml"), config).expect("a configuration");
    let place = folder.path().display().to_string();
    let words =
        ["report", &place, "--as-of", "2026-11-10", "--from", "2026-10-01", "--to", "2026-11-10", "--period", "quarter", "--by", "owner"];
    let output =
        program::run(&[&words[..], &["--leads", "deals_created", "--lags", "revenue", "--format", "csv", "--owner", "Ana Silva"]].concat());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let row = text.lines().find(|line| line.contains(",revenue,")).unwrap_or_else(|| panic!("no revenue: {text}")).to_owned();
    let fields: Vec<&str> = row.split(',').collect();
    assert_eq!(fields[12], "660", "the target: {row}");
    fields[13].to_owned()
}

#[test]
fn pace_grows_evenly_by_workdays_unless_it_follows_past_quarters() {
    // 2026-Q4 has 66 weekdays, of which 29 have passed on 10 November.
    assert_eq!(pace("[report]\npace_shape = \"linear\"\n"), "290");
    // By their 29th workday past quarters had won 100 of 400.
    assert_eq!(pace("[report]\npace_shape = \"own\"\n"), "165");
}
