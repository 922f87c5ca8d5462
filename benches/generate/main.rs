//! Writes exports of any size: activities and deals in the shape of real ones, with quotes and line breaks in text. The same arguments give the
//! same bytes.
//!
//! `cargo bench --bench generate -- FOLDER [--preset NAME] [--activities N] [--deals N] [--people N] [--weeks N] [--columns N] [--seed N]`

mod draw;
mod shape;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use shape::{Shape, activities, deals, people};

const USAGE: &str = "cargo bench --bench generate -- FOLDER [OPTIONS]

Writes activities.csv and deals.csv into FOLDER, with the leadlag.toml that reads them.

  --preset NAME     recipe  5,000,000 activities and 500,000 deals of 500 people in 150 weeks (the default)
                    small   10,000 activities and 1,000 deals of 12 people in 52 weeks
                    wide    100,000 activities in 700 columns, 10 of which are read
  --activities N, --deals N, --people N, --weeks N, --columns N, --seed N
                    in place of the preset's
";

fn main() -> ExitCode {
    match arguments(std::env::args().skip(1)).and_then(|(folder, shape)| write(&folder, &shape).map_err(|e| e.to_string())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn arguments(given: impl Iterator<Item = String>) -> Result<(PathBuf, Shape), String> {
    // `cargo bench` says of itself that it is one.
    let given: Vec<String> = given.filter(|word| word != "--bench").collect();
    let (mut folder, mut preset, mut sizes) = (None, "recipe".to_owned(), Vec::new());
    let mut words = given.into_iter();
    while let Some(word) = words.next() {
        if let Some(option) = word.strip_prefix("--") {
            let value = words.next().ok_or_else(|| format!("--{option} takes a value\n\n{USAGE}"))?;
            if option == "preset" { preset = value } else { sizes.push((option.to_owned(), value)) }
        } else if folder.replace(PathBuf::from(&word)).is_some() {
            return Err(format!("one folder, and not '{word}' too\n\n{USAGE}"));
        }
    }
    let mut shape = Shape::preset(&preset).ok_or_else(|| format!("no preset '{preset}'\n\n{USAGE}"))?;
    for (option, value) in sizes {
        let number: u64 = value.replace(['_', ','], "").parse().map_err(|_| format!("--{option} takes a number, and not '{value}'"))?;
        *shape.size(&option).ok_or_else(|| format!("no option --{option}\n\n{USAGE}"))? = number;
    }
    Ok((folder.ok_or(USAGE)?, shape))
}

fn write(folder: &Path, shape: &Shape) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("leadlag.toml"), shape::CONFIG)?;
    for (name, content) in
        [("people.csv", people as fn(&Shape, &mut dyn io::Write) -> io::Result<()>), ("deals.csv", deals), ("activities.csv", activities)]
    {
        let mut file = BufWriter::with_capacity(1 << 20, File::create(folder.join(name))?);
        content(shape, &mut file)?;
        file.flush()?;
    }
    Ok(())
}
