//! Cookie dates: RFC 6265bis, 5.1.1. Lenient by design; everything that servers ever sent is read by it.

/// The seconds since 1970 that a cookie date names; negative before. `None` when it names no date.
pub(super) fn parse(text: &[u8]) -> Option<i64> {
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    // Step 1 and 2: each token is the first of these that is still wanted and that it can be.
    for token in text.split(|&byte| is_delimiter(byte)).filter(|token| !token.is_empty()) {
        if time.is_none()
            && let Some(found) = time_of(token)
        {
            time = Some(found);
        } else if day.is_none()
            && let Some(found) = number(token, 1, 2)
        {
            day = Some(found);
        } else if month.is_none()
            && let Some(found) = month_of(token)
        {
            month = Some(found);
        } else if year.is_none()
            && let Some(found) = number(token, 2, 4)
        {
            year = Some(found);
        }
    }
    let ((hour, minute, second), day, month, year) = (time?, day?, month?, year?);
    // Steps 3 and 4.
    let year = match year {
        70..=99 => year + 1900,
        0..=69 => year + 2000,
        _ => year,
    };
    // Step 5, and 6: the date must exist.
    if !(1..=days_in_month(year, month)).contains(&day)
        || year < 1601
        || hour > 23
        || minute > 59
        || second > 59
    {
        return None;
    }
    Some(days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
}

const fn is_delimiter(byte: u8) -> bool {
    matches!(byte, 0x09 | 0x20..=0x2f | 0x3b..=0x40 | 0x5b..=0x60 | 0x7b..=0x7e)
}

/// `hms-time [ non-digit *OCTET ]`
fn time_of(token: &[u8]) -> Option<(i64, i64, i64)> {
    let mut fields = token.splitn(3, |&byte| byte == b':');
    let whole =
        |field: &[u8]| digits(field, 1, 2).filter(|(_, length)| *length == field.len()).map(|(n, _)| n);
    let (hour, minute) = (whole(fields.next()?)?, whole(fields.next()?)?);
    Some((hour, minute, number(fields.next()?, 1, 2)?))
}

/// `least*mostDIGIT [ non-digit *OCTET ]`
fn number(token: &[u8], least: usize, most: usize) -> Option<i64> {
    let (number, _) = digits(token, least, most)?;
    Some(number)
}

/// The number at a token's start, and of how many digits it is.
fn digits(token: &[u8], least: usize, most: usize) -> Option<(i64, usize)> {
    let length = token.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (least..=most)
        .contains(&length)
        .then(|| (token[..length].iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')), length))
}

fn month_of(token: &[u8]) -> Option<i64> {
    const MONTHS: [&[u8; 3]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    let start = token.get(..3)?.to_ascii_lowercase();
    MONTHS.iter().position(|month| month.as_slice() == start).and_then(|at| i64::try_from(at + 1).ok())
}

const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar. The year is counted from March, so that the leap day is
/// its last, and the months before `month` have `(153 * m + 2) / 5` days.
const fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let months = (month + 9) % 12;
    let day_of_year = (153 * months + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn dates() {
        for (text, expected) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Thu, 01-Jan-70 00:00:01 GMT", Some(1)),
            ("Wed, 31 Dec 1969 23:59:59 GMT", Some(-1)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(784_111_777)),
            ("Sun Nov  6 08:49:37 1994", Some(784_111_777)),
            ("6 november 1994 8:49:37x", Some(784_111_777)),
            ("29 Feb 2000 0:0:0", Some(951_782_400)),
            ("29 Feb 1900 0:0:0", None),
            ("30 Feb 2000 0:0:0", None),
            ("1 Jan 1600 0:0:0", None),
            ("1 Jan 1601 0:0:0", Some(-11_644_473_600)),
            ("1 Jan 2000 24:0:0", None),
            ("1 Jan 2000 0:60:0", None),
            ("1 Jan 2000 0:0:60", None),
            ("1 Jan 2000 001:0:0", None),
            ("1 Jan 20000 0:0:0", None),
            ("1 Jan 2000", None),
            ("", None),
        ] {
            assert_eq!(parse(text.as_bytes()), expected, "{text}");
        }
    }
}
