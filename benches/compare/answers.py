"""The same numbers as an analyst would get them: per person and week the held meetings, demos, minutes, distinct accounts, won revenue and count.

answers.py duckdb|polars|pandas FOLDER OUT.csv     reads FOLDER/activities.csv and FOLDER/deals.csv as `cargo bench --bench generate` writes them
answers.py check LEADLAG.csv OTHER.csv             whether two answers are the same, row by row
"""

import csv
import sys
from decimal import Decimal

COLUMNS = ["who", "week", "meetings", "demos", "minutes", "accounts", "revenue", "deals"]


def duckdb(folder, out):
    import duckdb

    duckdb.execute(f"""
        COPY (
            WITH a AS (
                SELECT "Owner.Name" AS who, date_trunc('week', StartDateTime::TIMESTAMP)::DATE AS week,
                    count(*) AS meetings, count(*) FILTER (WHERE "Type" = 'Demo') AS demos,
                    sum("DurationInMinutes") AS minutes, count(DISTINCT "Account.Name") AS accounts
                FROM read_csv('{folder}/activities.csv', header = true)
                WHERE "Type" IN ('Meeting', 'Demo') AND "Meeting_Outcome__c" = 'Held'
                GROUP BY ALL
            ), d AS (
                SELECT "Owner.Name" AS who, date_trunc('week', CloseDate::DATE)::DATE AS week,
                    sum("Amount"::DECIMAL(18, 2)) AS revenue, count(*) AS deals
                FROM read_csv('{folder}/deals.csv', header = true)
                WHERE "IsWon"
                GROUP BY ALL
            )
            SELECT who, week, coalesce(meetings, 0) AS meetings, coalesce(demos, 0) AS demos, coalesce(minutes, 0) AS minutes,
                coalesce(accounts, 0) AS accounts, coalesce(revenue, 0) AS revenue, coalesce(deals, 0) AS deals
            FROM a FULL JOIN d USING (who, week) ORDER BY who, week
        ) TO '{out}' (HEADER)""")


def polars(folder, out):
    import polars as pl

    held = pl.col("Type").is_in(["Meeting", "Demo"]) & (pl.col("Meeting_Outcome__c") == "Held")
    # As text, since amounts must not become floats and ids no numbers.
    scan = lambda name: pl.scan_csv(f"{folder}/{name}", infer_schema=False)
    activities = (
        scan("activities.csv")
        .filter(held)
        .with_columns(week=pl.col("StartDateTime").str.slice(0, 10).str.to_date("%Y-%m-%d").dt.truncate("1w"))
        .group_by(pl.col("Owner.Name").alias("who"), "week")
        .agg(
            meetings=pl.len(),
            demos=(pl.col("Type") == "Demo").sum(),
            minutes=pl.col("DurationInMinutes").cast(pl.Int64).sum(),
            accounts=pl.col("Account.Name").n_unique(),
        )
    )
    deals = (
        scan("deals.csv")
        .filter(pl.col("IsWon") == "true")
        .with_columns(week=pl.col("CloseDate").str.to_date("%Y-%m-%d").dt.truncate("1w"))
        .group_by(pl.col("Owner.Name").alias("who"), "week")
        .agg(revenue=pl.col("Amount").str.to_decimal(scale=2).sum(), deals=pl.len())
    )
    both = activities.join(deals, on=["who", "week"], how="full", coalesce=True).sort("who", "week")
    both.select(COLUMNS).collect(engine="streaming").write_csv(out)


def pandas(folder, out):
    import pandas as pd

    a = pd.read_csv(
        f"{folder}/activities.csv",
        usecols=["Type", "Owner.Name", "Account.Name", "StartDateTime", "DurationInMinutes", "Meeting_Outcome__c"],
    )
    a = a[a["Type"].isin(["Meeting", "Demo"]) & (a["Meeting_Outcome__c"] == "Held")]
    day = pd.to_datetime(a["StartDateTime"].str.slice(0, 10))
    a = a.assign(who=a["Owner.Name"], week=day - pd.to_timedelta(day.dt.weekday, unit="D"), demo=a["Type"] == "Demo")
    a = a.groupby(["who", "week"]).agg(
        meetings=("Type", "size"), demos=("demo", "sum"), minutes=("DurationInMinutes", "sum"), accounts=("Account.Name", "nunique")
    )
    d = pd.read_csv(f"{folder}/deals.csv", usecols=["Owner.Name", "Amount", "IsWon", "CloseDate"], dtype={"Amount": str})
    d = d[d["IsWon"]]
    day = pd.to_datetime(d["CloseDate"])
    # Whole cents, since amounts must not become floats.
    cents = d["Amount"].str.replace(".", "", regex=False).astype("int64")
    d = d.assign(who=d["Owner.Name"], week=day - pd.to_timedelta(day.dt.weekday, unit="D"), cents=cents)
    d = d.groupby(["who", "week"]).agg(cents=("cents", "sum"), deals=("cents", "size"))
    both = a.join(d, how="outer").fillna(0).astype("int64").reset_index()
    both["revenue"] = both["cents"].map(lambda cents: f"{cents // 100}.{cents % 100:02}")
    both[COLUMNS].to_csv(out, index=False)


def rows(path):
    """The rows that say anything, as numbers by person and week."""
    found = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if "level" in row:
                if row["level"] != "owner" or row["name"] == "":
                    continue
                key = (row["name"], row["period_start"])
                names = ["meetings_held", "demos", "hours_met", "accounts_seen", "won_revenue", "won_deals"]
                # Hours with two decimals are whole minutes here: every length is a multiple of a quarter.
                numbers = [Decimal(row[name] or 0) * (60 if name == "hours_met" else 1) for name in names]
            else:
                key = (row["who"], row["week"][:10])
                numbers = [Decimal(row[name] or 0) for name in COLUMNS[2:]]
            if any(numbers):
                found[key] = numbers
    return found


def check(one, other):
    a, b = rows(one), rows(other)
    wrong = sorted(key for key in a.keys() | b.keys() if a.get(key) != b.get(key))
    for key in wrong[:5]:
        print(f"{key}: {a.get(key)} and {b.get(key)}", file=sys.stderr)
    print(f"{len(a)} rows, {len(wrong)} differ")
    return 1 if wrong or not a else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case [("duckdb" | "polars" | "pandas") as tool, folder, out]:
            globals()[tool](folder, out)
        case ["check", one, other]:
            sys.exit(check(one, other))
        case _:
            sys.exit(__doc__)
