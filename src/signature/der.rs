//! Reads DER (X.690) strictly: known lengths in their shortest form, nothing left over. Knows no structure
//! above an element.

use jiff::civil::DateTime;
use jiff::{Timestamp, tz};

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OID: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// What is not DER, or not the structure that was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DerError;

/// Elements that follow each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Der<'a>(&'a [u8]);

/// One element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<'a> {
    pub tag: u8,
    /// Its content.
    pub value: &'a [u8],
    /// All of it, with tag and length.
    pub whole: &'a [u8],
}

impl<'a> Element<'a> {
    /// The elements inside.
    pub fn inner(self) -> Der<'a> {
        Der(self.value)
    }
}

impl<'a> Der<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The next element, of any kind.
    pub fn any(&mut self) -> Result<Element<'a>, DerError> {
        let [tag, first, rest @ ..] = self.0 else { return Err(DerError) };
        // A tag of several bytes is in nothing that is read here.
        if tag & 0x1f == 0x1f {
            return Err(DerError);
        }
        let (length, rest) = match first {
            0..=0x7f => (usize::from(*first), rest),
            0x81..=0x83 => {
                let (digits, rest) =
                    rest.split_at_checked(usize::from(first & 0x7f)).ok_or(DerError)?;
                let length = digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit));
                if digits[0] == 0 || length < 0x80 {
                    return Err(DerError);
                }
                (length, rest)
            }
            _ => return Err(DerError),
        };
        let (value, rest) = rest.split_at_checked(length).ok_or(DerError)?;
        let whole = &self.0[..self.0.len() - rest.len()];
        self.0 = rest;
        Ok(Element { tag: *tag, value, whole })
    }

    /// The next element, which has this tag.
    pub fn take(&mut self, tag: u8) -> Result<Element<'a>, DerError> {
        self.optional(tag)?.ok_or(DerError)
    }

    /// The next element, if it has this tag.
    pub fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, DerError> {
        if self.0.first() == Some(&tag) { self.any().map(Some) } else { Ok(None) }
    }

    /// All elements, each of which has this tag.
    pub fn all(mut self, tag: u8) -> Result<Vec<Element<'a>>, DerError> {
        let mut elements = Vec::new();
        while !self.is_empty() {
            elements.push(self.take(tag)?);
        }
        Ok(elements)
    }

    /// There is one element with this tag, and nothing behind it.
    pub fn only(mut self, tag: u8) -> Result<Element<'a>, DerError> {
        let element = self.take(tag)?;
        self.end()?;
        Ok(element)
    }

    /// There is nothing more.
    pub fn end(self) -> Result<(), DerError> {
        if self.0.is_empty() { Ok(()) } else { Err(DerError) }
    }

    /// A time of X.509 (RFC 5280 section 4.1.2.5): UTCTime or GeneralizedTime, in UTC and with seconds.
    pub fn time(&mut self) -> Result<Timestamp, DerError> {
        let element = self.any()?;
        let text = std::str::from_utf8(element.value).map_err(|_| DerError)?;
        let full = match element.tag {
            0x17 if text.starts_with(['5', '6', '7', '8', '9']) => format!("19{text}"),
            0x17 => format!("20{text}"),
            0x18 => text.to_owned(),
            _ => return Err(DerError),
        };
        let is_shaped = full.len() == 15 && full.ends_with('Z') && full.is_ascii();
        let number = |at: usize, length: usize| -> Result<i16, DerError> {
            let digits = &full[at..at + length];
            let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|_| is_number).ok_or(DerError)
        };
        if !is_shaped {
            return Err(DerError);
        }
        let two =
            |at: usize| -> Result<i8, DerError> { number(at, 2)?.try_into().map_err(|_| DerError) };
        let year = number(0, 4)?;
        let moment = DateTime::new(year, two(4)?, two(6)?, two(8)?, two(10)?, two(12)?, 0);
        let moment = moment.map_err(|_| DerError)?;
        tz::Offset::UTC.to_timestamp(moment).map_err(|_| DerError)
    }
}

/// Rewrites the elements of unknown length that some tools put around a signature (BER; gpgsm does) with
/// their lengths; what has a length stays as it is.
pub(super) fn to_definite_lengths(bytes: &[u8]) -> Result<Vec<u8>, DerError> {
    let (element, rest) = with_length(bytes, 8)?;
    Der(rest).end()?;
    Ok(element)
}

fn with_length(bytes: &[u8], depth: usize) -> Result<(Vec<u8>, &[u8]), DerError> {
    let [tag, 0x80, inside @ ..] = bytes else {
        let mut after = Der(bytes);
        return Ok((after.any()?.whole.to_vec(), after.0));
    };
    let (mut content, mut rest) = (Vec::new(), inside);
    let depth = depth.checked_sub(1).filter(|_| tag & 0x20 != 0).ok_or(DerError)?;
    loop {
        if let [0, 0, after @ ..] = rest {
            let length = content.len().to_be_bytes();
            let digits = &length[length.len() - 3..];
            // Three digits hold what a signature may be long; the shortest form is not needed again.
            let digits = &digits[digits.iter().take_while(|digit| **digit == 0).count()..];
            let head = match (content.len(), digits.len()) {
                (..0x80, _) => vec![*tag, content.len() as u8],
                (_, count) => [&[*tag, 0x80 | count as u8], digits].concat(),
            };
            return Ok(([head, content].concat(), after));
        }
        let (element, after) = with_length(rest, depth)?;
        content.extend(element);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_only_the_shortest_form() {
        let read = |bytes: &[u8]| {
            Der::new(bytes).only(OCTET_STRING).map(|element| element.value.len()).ok()
        };
        let long = |head: &[u8], length: usize| [head, &vec![7; length]].concat();
        assert_eq!(read(&long(&[4, 0], 0)), Some(0));
        assert_eq!(read(&long(&[4, 0x7f], 0x7f)), Some(0x7f));
        assert_eq!(read(&long(&[4, 0x81, 0x80], 0x80)), Some(0x80));
        assert_eq!(read(&long(&[4, 0x82, 1, 0], 0x100)), Some(0x100));
        for bad in [
            long(&[4], 0),
            long(&[4, 2], 1),
            long(&[4, 1], 2),
            long(&[4, 0x80, 0, 0], 0),
            long(&[4, 0x81, 0x7f], 0x7f),
            long(&[4, 0x82, 0, 0x80], 0x80),
            long(&[4, 0x84, 0, 0, 1, 0], 0x100),
            long(&[4, 0x82, 1], 0),
            long(&[4, 0xff], 9),
            long(&[0x1f, 1, 1], 1),
            long(&[5, 0], 0),
        ] {
            assert_eq!(read(&bad), None, "{:?}", &bad[..bad.len().min(8)]);
        }
    }

    #[test]
    fn elements_of_unknown_length_get_one() {
        let inner = [&[0x04, 0x81, 0x80][..], &[7; 0x80]].concat();
        let ber = [&[0x30, 0x80, 0xa0, 0x80][..], &inner, &[0; 4]].concat();
        let der = [&[0x30, 0x81, 0x86, 0xa0, 0x81, 0x83][..], &inner].concat();
        assert_eq!(to_definite_lengths(&ber).as_ref(), Ok(&der));
        assert_eq!(to_definite_lengths(&der).as_ref(), Ok(&der));
        let deep = [[0x30, 0x80].repeat(9), vec![0; 18]].concat();
        assert_eq!(
            to_definite_lengths(&deep[2..34]),
            Ok([0x30, 14, 0x30, 12, 0x30, 10, 0x30, 8, 0x30, 6, 0x30, 4, 0x30, 2, 0x30, 0]
                .to_vec())
        );
        let deeper = [0x30, 0x80].repeat(30_000);
        for bad in [
            &deep,
            &deeper,
            &ber[..ber.len() - 1],
            &[ber.clone(), vec![0]].concat(),
            &[0x04, 0x80, 0, 0],
        ] {
            assert_eq!(to_definite_lengths(bad), Err(DerError));
        }
    }

    #[test]
    fn reads_times() {
        let read = |tag: u8, text: &str| {
            let bytes = [&[tag, text.len() as u8], text.as_bytes()].concat();
            Der::new(&bytes).time().ok().map(|moment| moment.to_string())
        };
        for (tag, text, moment) in [
            (0x17, "261103155959Z", "2026-11-03T15:59:59Z"),
            (0x17, "500101000000Z", "1950-01-01T00:00:00Z"),
            (0x17, "491231235959Z", "2049-12-31T23:59:59Z"),
            (0x18, "20501231235959Z", "2050-12-31T23:59:59Z"),
        ] {
            assert_eq!(read(tag, text).as_deref(), Some(moment), "{text}");
        }
        for (tag, text) in [
            (0x17, "2611031559Z"),
            (0x17, "261103155959+0800"),
            (0x17, "261103155959"),
            (0x17, "261303155959Z"),
            (0x17, "2611+3155959Z"),
            (0x17, "26110\u{e9}15595Z"),
            (0x18, "20501231235959.5Z"),
            (0x0c, "20501231235959Z"),
        ] {
            assert_eq!(read(tag, text), None, "{text}");
        }
    }
}
