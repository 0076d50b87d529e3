//! Reads texts of blocks in PEM (RFC 7468), strictly: lines of base64 between `BEGIN` and `END`; outside
//! of blocks only blank lines and comments.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::language::Message;

/// One block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PemBlock<'a> {
    /// What it says it is: `CERTIFICATE`.
    pub label: &'a str,
    /// The line of its `BEGIN`, from one.
    pub line: usize,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// A line that is not PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PemFault {
    /// The line, from one.
    pub line: usize,
    /// The character in it, from one.
    pub column: usize,
    /// What was found.
    pub message: Message,
}

/// All blocks of a text, and all that is none.
pub fn read(text: &str) -> (Vec<PemBlock<'_>>, Vec<PemFault>) {
    let (mut blocks, mut faults) = (Vec::new(), Vec::new());
    let mut lines = (1..).zip(text.lines().map(str::trim_end));
    while let Some((line, words)) = lines.next() {
        let mut report = |line, column, message| faults.push(PemFault { line, column, message });
        if words.is_empty() || words.starts_with('#') {
            continue;
        }
        let Some(label) = label(words, "BEGIN") else {
            report(line, 1, message!("signature-outside-block"));
            continue;
        };
        let (mut base64, mut is_whole, mut is_good) = (String::new(), false, true);
        for (number, inside) in lines.by_ref() {
            if inside.starts_with('-') {
                is_whole = self::label(inside, "END") == Some(label);
                break;
            }
            let odd = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='));
            if let Some(at) = inside.chars().position(odd) {
                report(number, at + 1, message!("signature-not-base64"));
                is_good = false;
            }
            base64.push_str(inside);
        }
        match STANDARD.decode(&base64) {
            _ if !is_whole => report(line, 1, message!("signature-block-open")),
            Ok(bytes) if !bytes.is_empty() => blocks.push(PemBlock { label, line, bytes }),
            _ if is_good => report(line, 1, message!("signature-block-damaged")),
            _ => {}
        }
    }
    (blocks, faults)
}

/// `CERTIFICATE` of `-----BEGIN CERTIFICATE-----`.
fn label<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    line.strip_prefix("-----")?.strip_prefix(word)?.strip_prefix(' ')?.strip_suffix("-----")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_blocks_and_places_the_rest() {
        let text = "# ours\r\n\r\n-----BEGIN A B-----\r\nAAEC\r\nAw==\r\n-----END A B-----\r\nsubject=x\n-----BEGIN C-----\nA*==\n-----END C-----\n-----BEGIN D-----\nAAE\n-----END D-----\n-----BEGIN E-----\nAAEC\n-----END F-----\n-----BEGIN G-----\nAAEC";
        let (blocks, faults) = read(text);
        assert_eq!(blocks, [PemBlock { label: "A B", line: 3, bytes: vec![0, 1, 2, 3] }]);
        let faults: Vec<_> =
            faults.iter().map(|at| (at.line, at.column, at.message.in_english())).collect();
        assert_eq!(
            faults,
            [
                (7, 1, "found a line outside of a block".to_owned()),
                (9, 2, "found a character that is not base64".to_owned()),
                (11, 1, "found a block whose base64 is cut off or damaged".to_owned()),
                (14, 1, "found a block without its end".to_owned()),
                (17, 1, "found a block without its end".to_owned()),
            ]
        );
    }
}
