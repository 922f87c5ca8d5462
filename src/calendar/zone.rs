//! Time zones by their IANA names, from the tables that the program carries, so that every machine computes the same days.

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::day::Day;

/// Milliseconds of a day without a clock change.
pub const DAY_MILLIS: i64 = 86_400_000;

/// A time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), zone: TimeZone::UTC }
    }

    /// The zone of an IANA name, in any case: `America/Chicago`, `Europe/Berlin`, `UTC`.
    ///
    /// The error says what was written, what form is expected, and up to three names that are like it.
    pub fn named(name: &str) -> Result<Self, String> {
        if name.eq_ignore_ascii_case("UTC") {
            return Ok(Self::utc());
        }
        let database = TimeZoneDatabase::bundled();
        let found = database.get(name).ok().filter(|zone| !zone.is_unknown());
        if let Some(zone) = found {
            let name = zone.iana_name().unwrap_or(name).to_owned();
            return Ok(Self { name, zone });
        }
        let like = like(name, &database);
        Err(if like.is_empty() {
            format!("no such time zone: {name}; write its IANA name, such as America/Chicago")
        } else {
            format!("no such time zone: {name}; did you mean {}?", like.join(", "))
        })
    }

    /// Its IANA name as the tables spell it, such as `America/Chicago`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The day and the millisecond of that day (0 to 86,399,999) that clocks of this zone show at an instant, given in milliseconds since
    /// 1970-01-01T00:00Z. Instants outside the calendar count as its nearer end.
    pub fn local(&self, utc_millis: i64) -> (Day, u32) {
        let local = utc_millis.saturating_add(self.offset_millis(utc_millis));
        let days = local.div_euclid(DAY_MILLIS);
        let day = i32::try_from(days).map_or(if days < 0 { Day::MIN } else { Day::MAX }, Day);
        (day.clamped(), local.rem_euclid(DAY_MILLIS) as u32)
    }

    /// The day that a calendar on the wall in this zone shows at an instant, given in milliseconds since 1970-01-01T00:00Z.
    pub fn day_of(&self, utc_millis: i64) -> Day {
        self.local(utc_millis).0
    }

    /// The instant, in milliseconds since 1970-01-01T00:00Z, at which clocks of this zone show this day and millisecond of the day; 86,400,000
    /// or more reaches into the following days.
    ///
    /// A time that the clocks skip is moved forward by the gap, and of a time that they show twice the first is taken: the "compatible" rule
    /// of RFC 5545 and jiff.
    pub fn instant(&self, day: Day, millis_of_day: u32) -> i64 {
        let day = day.plus((i64::from(millis_of_day) / DAY_MILLIS) as i32);
        let millis = (i64::from(millis_of_day) % DAY_MILLIS) as i32;
        let as_utc = i64::from(day.0) * DAY_MILLIS + i64::from(millis);
        let (hour, minute) = ((millis / 3_600_000) as i8, (millis / 60_000 % 60) as i8);
        let (second, nanos) = ((millis / 1_000 % 60) as i8, millis % 1_000 * 1_000_000);
        civil::Time::new(hour, minute, second, nanos)
            .map(|time| civil::DateTime::from_parts(day.to_civil(), time))
            .and_then(|local| self.zone.to_ambiguous_timestamp(local).compatible())
            // jiff's instants end a day before its dates, of which exports use the last for "never".
            .map_or_else(|_| as_utc - self.offset_millis(as_utc), Timestamp::as_millisecond)
    }

    /// How many seconds clocks of this zone are ahead of UTC during a whole day of UTC; none where that changes in the course of it.
    pub fn offset_on(&self, day: Day) -> Option<i32> {
        let begin = Timestamp::from_millisecond(i64::from(day.0) * DAY_MILLIS).ok()?;
        let end = Timestamp::from_millisecond((i64::from(day.0) + 1) * DAY_MILLIS).ok()?;
        let changes = self.zone.following(begin).next().is_some_and(|next| next.timestamp() < end);
        (!changes).then(|| self.zone.to_offset(begin).seconds())
    }

    fn offset_millis(&self, utc_millis: i64) -> i64 {
        let nearest = if utc_millis < 0 { Timestamp::MIN } else { Timestamp::MAX };
        let instant = Timestamp::from_millisecond(utc_millis).unwrap_or(nearest);
        i64::from(self.zone.to_offset(instant).seconds()) * 1_000
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::utc()
    }
}

/// Up to three names of the tables that hold what was written, such as `America/Chicago` for `chicago`.
fn like(written: &str, database: &TimeZoneDatabase) -> Vec<String> {
    let written = written.trim().to_ascii_lowercase().replace(' ', "_");
    let place = written.rsplit('/').next().unwrap_or_default();
    if place.len() < 4 {
        return Vec::new();
    }
    let mut names: Vec<String> =
        database.available().map(|name| name.to_string()).filter(|name| name.to_ascii_lowercase().contains(place)).collect();
    names.sort_by_key(|name| (name.len(), name.clone()));
    names.truncate(3);
    names
}
