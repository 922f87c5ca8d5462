"""Presentations of each team, week by week, with polars; the tidy csv on standard input."""

import sys

import polars as pl

flash = pl.read_csv(
    sys.stdin.buffer,
    try_parse_dates=True,  # period_start and period_end
    schema_overrides={name: pl.String for name in ["value", "target", "pace", "previous", "average"]},
).with_columns(pl.col("value", "target", "pace", "previous", "average").cast(pl.Decimal(38, 6)))

weeks = (
    flash.filter(pl.col("level") == "team", pl.col("measure") == "presentations")
    .pivot("name", index="period_start", values="value")
    .with_columns(pl.exclude("period_start").cast(pl.Int64))
    .sort("period_start")
)
print(weeks.write_csv(), end="")
