//! A column of dates that are all written alike: seconds in place of words.

/// How every cell of a column writes its date, such as `2026-11-15T09:30:00.000Z`: ISO 8601 with a fraction of zeros only, in UTC or without
/// zone, of at most [`REACH`] bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// What stands between date and time, `T` or a blank; none for a date alone.
    separator: Option<u8>,
    /// Whether seconds are written.
    seconds: bool,
    /// How many zeros stand behind the seconds' point.
    zeros: u8,
    /// What names the zone: one of [`ZONES`].
    zone: &'static str,
}

/// How UTC is written, or that no zone is.
const ZONES: [&str; 5] = ["", "Z", "+00:00", "+0000", "+00"];

/// The years whose dates are stamps. January 1970 is left to whoever understands words: it may be a mistake.
const YEARS: std::ops::RangeInclusive<u32> = 1971..=2100;

const DAY: u32 = 86_400;

impl Template {
    /// The template of a cell; none where it is no such date.
    pub fn of(cell: &[u8]) -> Option<Self> {
        let separator = cell.get(10).copied();
        let mut found = Self { separator, seconds: false, zeros: 0, zone: "" };
        if separator.is_some() {
            let mut at = 16;
            if cell.get(at) == Some(&b':') {
                (found.seconds, at) = (true, 19);
                if cell.get(at) == Some(&b'.') {
                    let zeros = cell.get(20..)?.iter().take_while(|b| **b == b'0').count();
                    (found.zeros, at) = (u8::try_from(zeros).ok().filter(|n| (1..=9).contains(n))?, 20 + zeros);
                }
            }
            let rest = cell.get(at..)?;
            found.zone = ZONES.into_iter().find(|zone| zone.as_bytes() == rest)?;
            separator.filter(|b| matches!(b, b'T' | b' '))?;
        }
        found.read(cell).map(|_| found)
    }

    /// Whether a time of day is written.
    pub fn timed(self) -> bool {
        self.separator.is_some()
    }

    /// Whether a zone is written, which is UTC.
    pub fn zoned(self) -> bool {
        !self.zone.is_empty()
    }

    /// The seconds since 1970, as the cell reads, of a cell written so; none for any other, and for no real date.
    pub fn read(self, cell: &[u8]) -> Option<u32> {
        Pattern::of(self)?.read_cell(cell)
    }

    /// The cell of so many seconds since 1970.
    pub fn spell(self, seconds: u32) -> String {
        use std::fmt::Write as _;
        let (year, month, day) = date(seconds / DAY);
        let mut cell = format!("{year:04}-{month:02}-{day:02}");
        if let Some(separator) = self.separator {
            let time = seconds % DAY;
            cell.push(char::from(separator));
            // Writing into a String cannot fail.
            let _ = write!(cell, "{:02}:{:02}", time / 3600, time / 60 % 60);
            if self.seconds {
                let _ = write!(cell, ":{:02}", time % 60);
                if self.zeros > 0 {
                    cell.push('.');
                    cell.extend(std::iter::repeat_n('0', usize::from(self.zeros)));
                }
            }
            cell.push_str(self.zone);
        }
        cell
    }
}

/// How many bytes a [`Pattern`] looks at, and the longest cell has.
pub const REACH: usize = 32;

/// A template made ready to read many cells.
#[derive(Debug, Clone, Copy)]
pub struct Pattern {
    /// How the cells are written.
    pub template: Template,
    len: usize,
    /// What a byte becomes 0 by where it is as the template wants, a digit its number.
    by: [u8; REACH],
    /// The greatest that may become of a byte.
    most: [u8; REACH],
}

impl Pattern {
    /// The pattern of a template; none where its cells are too long.
    pub fn of(template: Template) -> Option<Self> {
        let (cell, numbers) = (template.spell(0), if template.seconds { 19 } else { 16 });
        let mut pattern = Self { template, len: cell.len(), by: [0; REACH], most: [u8::MAX; REACH] };
        let places = pattern.by.get_mut(..cell.len())?.iter_mut().zip(&mut pattern.most);
        for (at, (byte, (by, most))) in cell.bytes().zip(places).enumerate() {
            let number = byte.is_ascii_digit() && at < numbers;
            (*by, *most) = (byte & if number { 0xf0 } else { 0xff }, if number { 9 } else { 0 });
        }
        Some(pattern)
    }

    /// What [`Template::read`] gives for a cell.
    pub fn read_cell(&self, cell: &[u8]) -> Option<u32> {
        let mut bytes = [0; REACH];
        bytes.get_mut(..cell.len())?.copy_from_slice(cell);
        self.read(&bytes, cell.len())
    }

    /// The same for the cell with which these bytes begin.
    #[inline]
    pub fn read(&self, bytes: &[u8; REACH], len: usize) -> Option<u32> {
        let (mut digits, mut wrong) = ([0; REACH], 0);
        // No branch for each byte: all of them are looked at together.
        for at in 0..REACH {
            digits[at] = bytes[at] ^ self.by[at];
            wrong |= digits[at].saturating_sub(self.most[at]);
        }
        let two = |at: usize| 10 * u32::from(digits[at]) + u32::from(digits[at + 1]);
        let (year, month, day) = (100 * two(0) + two(2), two(5), two(8));
        if len != self.len || wrong != 0 || !YEARS.contains(&year) || !(1..=days_in(year, month)).contains(&day) {
            return None;
        }
        let mut seconds = days(year, month, day) * DAY;
        if self.template.timed() {
            let second = if self.template.seconds { two(17) } else { 0 };
            let (hour, minute) = (two(11), two(14));
            if hour > 23 || minute > 59 || second > 59 {
                return None;
            }
            seconds += hour * 3600 + minute * 60 + second;
        }
        Some(seconds)
    }
}

/// How many days of a year that is no leap year are before each month, counted from 1.
const BEFORE: [u32; 16] = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 0, 0, 0];

/// How many days each month of such a year has; none what is no month.
const LENGTH: [u32; 16] = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 0];

/// Whether a year of [`YEARS`] has a day more.
fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && year != *YEARS.end()
}

/// Days since 1970-01-01 of a date in [`YEARS`]: of these every fourth is a leap year, but the last is none.
fn days(year: u32, month: u32, day: u32) -> u32 {
    let leap = u32::from(month > 2 && is_leap(year));
    (year - 1970) * 365 + (year - 1969) / 4 + BEFORE[(month % 16) as usize] + leap + day - 1
}

/// The year, month and day of days since 1970-01-01.
fn date(days: u32) -> (u32, u32, u32) {
    let z = days + 719_468;
    let (era, doe) = (z / 146_097, z % 146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (era * 400 + yoe + u32::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

/// How many days a month of a year in [`YEARS`] has; none what is no month.
fn days_in(year: u32, month: u32) -> u32 {
    let length = if month < 16 { LENGTH[month as usize] } else { 0 };
    length + u32::from(month == 2 && is_leap(year))
}

/// A column of dates that are all written by one template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamps {
    /// How they are written.
    pub template: Template,
    /// Seconds since 1970 as the cells read, [`Stamps::BLANK`] where there is none.
    pub seconds: Vec<u32>,
}

impl Stamps {
    /// What stands for a blank cell.
    pub const BLANK: u32 = u32::MAX;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cells_are_spelled_as_they_were_written() {
        for cell in [
            "2026-11-15",
            "2024-02-29",
            "2026-11-15T09:30",
            "2026-11-15 09:30:59",
            "2026-11-15T09:30:59Z",
            "2026-11-15T23:59:59.000Z",
            "2026-11-15T00:00:00.000000+00:00",
            "2026-11-15 09:30:59+00",
            "1971-01-01T00:00:00+0000",
            "2100-12-31",
        ] {
            let template = Template::of(cell.as_bytes()).unwrap_or_else(|| unreachable!("{cell}"));
            let seconds = template.read(cell.as_bytes()).unwrap();
            assert_eq!(template.spell(seconds), cell);
        }
    }

    #[test]
    fn what_is_no_such_date_has_no_template() {
        for cell in [
            "",
            "2026-11-5",
            "2026-13-01",
            "2026-02-29",
            "2026-04-31",
            "1970-01-02",
            "2101-01-01",
            "2026-11-15X09:30",
            "2026-11-15T24:00",
            "2026-11-15T09:60",
            "2026-11-15T09:30:60",
            "2026-11-15T09:30:59.001Z",
            "2026-11-15T09:30:59.",
            "2026-11-15T09:30:59+01:00",
            "2026/11/15",
            "2026-11-15T",
            "2026-1１-15",
            "2026-11-15T09:3",
            "x026-11-15",
            "2026-11-15T09:30 ",
            "2026-11-15T09.30",
        ] {
            assert_eq!(Template::of(cell.as_bytes()), None, "{cell}");
        }
        let template = Template::of(b"2026-11-15T09:30").unwrap();
        assert_eq!((template.read(b"2026-11-15"), template.read(b"2026-11-15 09:30")), (None, None));
    }

    proptest! {
        #[test]
        fn a_cell_is_read_as_it_is_spelled_and_no_other(
            seconds in 365 * DAY..47_846 * DAY,
            (separator, zone) in (prop::option::of(prop::sample::select(vec![b'T', b' '])), prop::sample::select(ZONES.to_vec())),
            zeros in prop::option::of(0..8_u8),
            changed in prop::collection::vec((0..32_usize, prop::sample::select(b"0123456789-:.TZ+ /\x00\x7f\xb0".to_vec())), 0..3),
        ) {
            let timed = separator.is_some();
            let (zone, zeros) = (if timed { zone } else { "" }, zeros.filter(|_| timed));
            let template = Template { separator, seconds: zeros.is_some(), zeros: zeros.unwrap_or(0), zone };
            let said = seconds - if !timed { seconds % DAY } else if zeros.is_none() { seconds % 60 } else { 0 };
            let mut cell = template.spell(said).into_bytes();
            prop_assert_eq!(template.read(&cell), Some(said).filter(|_| cell.len() <= REACH));
            for (at, byte) in changed {
                if let Some(place) = cell.get_mut(at) {
                    *place = byte;
                }
            }
            if let Some(read) = template.read(&cell) {
                prop_assert_eq!(template.spell(read).into_bytes(), cell);
            }
        }
    }

    #[test]
    fn seconds_count_real_days() {
        use crate::calendar::Day;
        let template = Template::of(b"2026-11-15").unwrap();
        for day in (365..47_846).step_by(13).map(Day) {
            let cell = day.to_string();
            assert_eq!(template.read(cell.as_bytes()), Some(day.0 as u32 * DAY), "{cell}");
        }
    }
}
