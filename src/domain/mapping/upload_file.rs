//! The format of the bulk-change file (*Penukaran Secara Pukal*) of a portal operated by people: its
//! columns, the words for the two actions, delimiter and encoding. Pure.

use crate::domain::archive_state::Target;

/// How a file of changes is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadFileFormat {
    /// The name of the column of addresses.
    pub mailbox: String,
    /// The name of the column of actions.
    pub action: String,
    /// The name of the column of request ids, if the portal's format has one.
    pub request: Option<String>,
    /// The word that enables an archive.
    pub enable: String,
    /// The word that terminates one.
    pub terminate: String,
    /// The delimiter between the fields of a CSV file.
    pub delimiter: Delimiter,
    /// The character encoding of a CSV file.
    pub encoding: Encoding,
}

impl Default for UploadFileFormat {
    fn default() -> Self {
        Self {
            mailbox: "Alamat E-mel".to_owned(),
            action: "Tindakan".to_owned(),
            request: Some("Rujukan".to_owned()),
            enable: "Aktifkan Arkib".to_owned(),
            terminate: "Tamatkan Arkib".to_owned(),
            delimiter: Delimiter::Comma,
            encoding: Encoding::Utf8,
        }
    }
}

impl UploadFileFormat {
    /// The word for an action.
    pub fn word_for_action(&self, action: Target) -> &str {
        match action {
            Target::Enabled => &self.enable,
            Target::Terminated => &self.terminate,
        }
    }

    /// The names of the columns, in their order.
    pub fn header(&self) -> impl Iterator<Item = &str> {
        [self.mailbox.as_str(), self.action.as_str()].into_iter().chain(self.request.as_deref())
    }
}

words! {
    /// The delimiter between the fields of a CSV file.
    pub enum Delimiter {
        /// `,`
        Comma = "comma",
        /// `;`
        Semicolon = "semicolon",
        /// A tab.
        Tab = "tab",
    }
}

impl Delimiter {
    /// The byte itself.
    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

words! {
    /// The character encoding of a CSV file.
    pub enum Encoding {
        /// UTF-8.
        Utf8 = "utf-8",
        /// UTF-8 with a byte order mark, which Excel needs.
        Utf8Bom = "utf-8-bom",
        /// Windows-1252, of older programs.
        Windows1252 = "windows-1252",
    }
}

impl Encoding {
    /// The byte of a character in Windows-1252 (WHATWG Encoding, index windows-1252), if it has one.
    pub fn encode_windows_1252(character: char) -> Option<u8> {
        match u32::from(character) {
            code @ (0x00..=0x7f | 0xa0..=0xff) => u8::try_from(code).ok(),
            0xfffd => None,
            _ => {
                let place = HIGH.chars().position(|known| known == character)?;
                u8::try_from(0x80 + place).ok()
            }
        }
    }

    /// Whether every character of a text can be written.
    pub fn can_encode(self, text: &str) -> bool {
        self != Self::Windows1252 || text.chars().all(|c| Self::encode_windows_1252(c).is_some())
    }
}

/// The characters of the bytes 0x80 to 0x9f in Windows-1252; U+FFFD where there is none.
const HIGH: &str = "€\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}Ž\u{fffd}\u{fffd}‘’“”•–—˜™š›œ\u{fffd}žŸ";

/// Whether a spreadsheet may treat a field of a CSV file as a formula (CWE-1236): it begins with one
/// of these signs, perhaps after blanks or quotes. Escaping would change the text, so such a field is
/// not written at all.
pub fn looks_like_formula(field: &str) -> bool {
    let begin = field.trim_start_matches(['"', '\'', ' ']);
    field.starts_with(['\t', '\r', '\n'])
        || begin.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_1252_matches_the_standard() {
        for byte in 0..=255u8 {
            let bytes = [byte];
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
            let character = text.chars().next().expect("one character");
            let back = Encoding::encode_windows_1252(character);
            // Five bytes have no character.
            let nothing = [0x81, 0x8d, 0x8f, 0x90, 0x9d].contains(&byte);
            assert_eq!(back, (!nothing).then_some(byte), "{byte:#x}");
        }
        assert_eq!(Encoding::encode_windows_1252('\u{fffd}'), None);
        assert_eq!(Encoding::encode_windows_1252('部'), None);
    }

    #[test]
    fn recognizes_formulas_by_their_beginning() {
        for field in ["=1+1", "+a@x", "-a@x", "@sum", "\t=1", "\r1", "\"=1", " =1", "'=1", "＝1"] {
            assert!(looks_like_formula(field), "{field:?}");
        }
        for field in ["siti@agensi.example", "", "a=b@x.example", "BMT-2026-0042"] {
            assert!(!looks_like_formula(field), "{field:?}");
        }
    }
}
