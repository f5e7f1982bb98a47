//! What time is it?
//!
//! The core has no clock: time is an argument. It comes as two numbers, because the wall clock may jump and a pause must not.

/// The time of one step, both in milliseconds.
///
/// Stored expiries are wall time, since other processes read them; pauses and polling are monotonic, since the wall clock may be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Now {
    /// Milliseconds since the Unix epoch, as the wall clock has it.
    pub wall: i64,
    /// Milliseconds since any fixed point, never running backwards.
    pub mono: i64,
}

impl Now {
    /// That many milliseconds later, by both clocks.
    #[must_use]
    pub fn later(self, ms: i64) -> Self {
        Self { wall: self.wall.saturating_add(ms), mono: self.mono.saturating_add(ms) }
    }
}

/// `Retry-After` in milliseconds (RFC 9110 §10.2.3): delta-seconds or an HTTP date, between nothing and a day.
pub(crate) fn retry_after_ms(text: &str, wall: i64) -> Option<i64> {
    const DAY: i64 = 24 * 3600 * 1000;
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(text.parse::<i64>().map_or(DAY, |seconds| seconds.saturating_mul(1000).min(DAY)));
    }
    Some(http_date_ms(text, wall)?.saturating_sub(wall).clamp(0, DAY))
}

/// An HTTP date in milliseconds since the epoch. RFC 9110 §5.6.7: all three forms MUST be read, `Sun, 06 Nov 1994 08:49:37 GMT`,
/// `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
fn http_date_ms(text: &str, wall: i64) -> Option<i64> {
    let mut parts = [""; 6];
    for (at, part) in text.split([' ', ',', '-']).filter(|part| !part.is_empty()).enumerate() {
        *parts.get_mut(at)? = part;
    }
    let (day, month, year, clock) = match parts {
        [_, day, month, year, clock, "GMT"] => (day, month, year, clock),
        [_, month, day, clock, year, ""] => (day, month, year, clock),
        _ => return None,
    };
    let full: i64 = year.parse().ok()?;
    if year.len() != 2 {
        return date_ms(day, month, full, clock);
    }
    // A year of two digits is not more than fifty years ahead.
    let date = date_ms(day, month, 2000 + full, clock)?;
    if date.saturating_sub(wall) > 50 * 366 * 24 * 3600 * 1000 { date_ms(day, month, 1900 + full, clock) } else { Some(date) }
}

fn date_ms(day: &str, month: &str, year: i64, clock: &str) -> Option<i64> {
    let day: i64 = day.parse().ok()?;
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = i64::try_from(names.iter().position(|name| *name == month)?).ok()? + 1;
    let mut clock = clock.split(':').map(str::parse::<i64>);
    let (hour, minute, second) = (clock.next()?.ok()?, clock.next()?.ok()?, clock.next()?.ok()?);
    let plausible = (1..=31).contains(&day)
        && (1970..=9999).contains(&year)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    if !plausible || clock.next().is_some() {
        return None;
    }
    // Days since the epoch in the proleptic Gregorian calendar, with the year beginning in March so that the leap day is its last.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (month * 306 + 5) / 10 + day - 1 - 719_468;
    Some(((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_9110_10_2_3_both_forms_are_read_and_capped() {
        let now = 1_700_000_000_000;
        for same in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(http_date_ms(same, now), Some(784_111_777_000), "{same}");
        }
        assert_eq!(http_date_ms("Thu, 29 Feb 2024 00:00:00 GMT", now), Some(1_709_164_800_000));
        assert_eq!(http_date_ms("Thursday, 29-Feb-24 00:00:00 GMT", now), Some(1_709_164_800_000));
        assert_eq!(http_date_ms("Thu Feb 29 00:00:00 2024", now), Some(1_709_164_800_000));
        assert_eq!(retry_after_ms("120", 0), Some(120_000));
        // A day at most, in either form.
        for far in ["99999999999999999999", "86401", "9223372036854775807", "Sun, 06 Nov 1994 08:49:37 GMT"] {
            assert_eq!(retry_after_ms(far, 0), Some(86_400_000), "{far}");
        }
        assert_eq!(retry_after_ms("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_770_000), Some(7_000));
        assert_eq!(retry_after_ms("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_790_000), Some(0));
        for bad in [
            "",
            "-1",
            "soon",
            "Sun, 99 Nov 1994 08:49:37 GMT",
            "Sun, 06 Foo 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 08:49:37 GMT GMT",
            "Sun Nov 6 08:49 1994",
            "Sun, 06 Nov 99999999999999999999 08:49:37 GMT",
            "- - - - - -",
        ] {
            assert_eq!(retry_after_ms(bad, 0), None, "{bad}");
        }
    }
}
