"""The same report by three ways: csv read by DuckDB, csv read by polars, and json. Every value must be the same, digit for digit.

usage: compare.py REPORT.csv REPORT.json
"""

import datetime
import json
import sys
from decimal import Decimal

import duckdb
import polars as pl

NUMBERS = ["value", "target", "pace", "previous", "average"]
csv, report = sys.argv[1:]


def plain(row):
    """A row as csv can say it: nothing and an empty text are the same."""
    return {k: "" if v is None else v.isoformat() if isinstance(v, datetime.date) else v for k, v in row.items()}


with open(report, encoding="utf-8") as file:
    expected = [plain(row) for row in json.load(file, parse_float=Decimal, parse_int=Decimal)["values"]]

exact = ", ".join(f"'{name}': 'DECIMAL(38, 6)'" for name in NUMBERS)
answer = duckdb.sql(f"SELECT * FROM read_csv('{csv}', types = {{{exact}}})")
by_duckdb = [plain(dict(zip(answer.columns, row))) for row in answer.fetchall()]

frame = pl.read_csv(csv, try_parse_dates=True, schema_overrides={name: pl.String for name in NUMBERS})
by_polars = [plain(row) for row in frame.with_columns(pl.col(NUMBERS).cast(pl.Decimal(38, 6))).to_dicts()]

for how, rows in [("DuckDB", by_duckdb), ("polars", by_polars)]:
    if len(rows) != len(expected):
        sys.exit(f"{how}: {len(rows)} rows, and json has {len(expected)}")
    for number, (found, wanted) in enumerate(zip(rows, expected), 2):
        if found != wanted:
            sys.exit(f"{how}, line {number}: {found}\njson: {wanted}")
print(f"{len(expected)} values are the same in csv and json, read by DuckDB and by polars")
