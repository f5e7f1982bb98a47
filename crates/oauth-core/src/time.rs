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
    Some(imf_fixdate_ms(text)?.saturating_sub(wall).clamp(0, DAY))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7) in milliseconds since the epoch; the obsolete forms are not read.
fn imf_fixdate_ms(text: &str) -> Option<i64> {
    let (_, date) = text.split_once(", ")?;
    let mut parts = date.strip_suffix(" GMT")?.split(' ');
    let day: i64 = parts.next()?.parse().ok()?;
    let month = parts.next()?;
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = i64::try_from(names.iter().position(|name| *name == month)?).ok()? + 1;
    let year: i64 = parts.next()?.parse().ok()?;
    let mut clock = parts.next()?.split(':').map(str::parse::<i64>);
    let (hour, minute, second) = (clock.next()?.ok()?, clock.next()?.ok()?, clock.next()?.ok()?);
    let plausible = (1..=31).contains(&day)
        && (1970..=9999).contains(&year)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    if !plausible || parts.next().is_some() || clock.next().is_some() {
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
        assert_eq!(imf_fixdate_ms("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777_000));
        assert_eq!(imf_fixdate_ms("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800_000));
        assert_eq!(retry_after_ms("120", 0), Some(120_000));
        assert_eq!(retry_after_ms("99999999999999999999", 0), Some(86_400_000));
        assert_eq!(retry_after_ms("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_770_000), Some(7_000));
        assert_eq!(retry_after_ms("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_790_000), Some(0));
        for bad in ["", "-1", "soon", "Sun, 99 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT"] {
            assert_eq!(retry_after_ms(bad, 0), None, "{bad}");
        }
    }
}
