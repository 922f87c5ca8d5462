//! A column of dates that are all written alike: seconds in place of words.

/// How every cell of a column writes its date, such as `2026-11-15T09:30:00.000Z`: ISO 8601 with a fraction of zeros only, in UTC or without zone.
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

    /// How many bytes a cell has.
    fn len(self) -> usize {
        match self.separator {
            None => 10,
            Some(_) => self.zone_at() + self.zone.len(),
        }
    }

    fn zone_at(self) -> usize {
        let fraction = if self.zeros > 0 { 1 + usize::from(self.zeros) } else { 0 };
        16 + if self.seconds { 3 + fraction } else { 0 }
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
        if cell.len() != self.len() {
            return None;
        }
        let (date, time) = cell.split_first_chunk::<10>()?;
        // What is no digit is found at the end: each on its own would be a branch.
        let mut digits = Digits { greatest: 0 };
        let year = 100 * digits.two(date[0], date[1]) + digits.two(date[2], date[3]);
        let (month, day) = (digits.two(date[5], date[6]), digits.two(date[8], date[9]));
        if date[4] != b'-' || date[7] != b'-' || !YEARS.contains(&year) || !(1..=12).contains(&month) || day == 0 {
            return None;
        }
        if day > 28 && day > days_in(year, month) {
            return None;
        }
        let mut seconds = days(year, month, day) * DAY;
        if let Some(separator) = self.separator {
            let (clock, mut rest) = time.split_first_chunk::<6>()?;
            let (hour, minute) = (digits.two(clock[1], clock[2]), digits.two(clock[4], clock[5]));
            if clock[0] != separator || clock[3] != b':' || hour > 23 || minute > 59 {
                return None;
            }
            seconds += hour * 3600 + minute * 60;
            if self.seconds {
                let (clock, after) = rest.split_first_chunk::<3>()?;
                let second = digits.two(clock[1], clock[2]);
                if clock[0] != b':' || second > 59 {
                    return None;
                }
                (seconds, rest) = (seconds + second, after);
                if self.zeros > 0 {
                    let (fraction, after) = rest.split_at_checked(1 + usize::from(self.zeros))?;
                    if fraction[0] != b'.' || !fraction[1..].iter().all(|b| *b == b'0') {
                        return None;
                    }
                    rest = after;
                }
            }
            if rest != self.zone.as_bytes() {
                return None;
            }
        }
        (digits.greatest <= 9).then_some(seconds)
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

/// Bytes as digits, and the greatest of them, which is past 9 where one is none.
struct Digits {
    greatest: u8,
}

impl Digits {
    #[inline]
    fn two(&mut self, tens: u8, ones: u8) -> u32 {
        let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
        self.greatest = self.greatest.max(tens).max(ones);
        10 * u32::from(tens) + u32::from(ones)
    }
}

/// How many days of a year that is no leap year are before each month, counted from 1.
const BEFORE: [u32; 13] = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// Days since 1970-01-01 of a date in [`YEARS`]: of these every fourth is a leap year, but the last is none.
fn days(year: u32, month: u32, day: u32) -> u32 {
    let leap = u32::from(month > 2 && year.is_multiple_of(4) && year != *YEARS.end());
    (year - 1970) * 365 + (year - 1969) / 4 + BEFORE[month as usize] + leap + day - 1
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

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
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
