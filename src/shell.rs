//! Commands for the reader to type: words quoted for the shell at hand. May not know what they do.

/// A shell that commands are typed into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// `sh` and what is like it, such as Git Bash on Windows.
    Posix,
    /// PowerShell, of any version.
    PowerShell,
    /// The command prompt of Windows.
    Cmd,
}

impl Shell {
    /// The shell that arkib was probably started from. On Windows only Git Bash and the like say what they
    /// are; of the others the command prompt sets PROMPT. Of those that one started from another, what is
    /// quoted for the command prompt mostly works in both.
    pub fn from_environment(is_windows: bool, is_set: impl Fn(&str) -> bool) -> Self {
        if !is_windows || is_set("MSYSTEM") || is_set("SHELL") {
            Self::Posix
        } else if is_set("PROMPT") {
            Self::Cmd
        } else {
            Self::PowerShell
        }
    }

    /// The word, quoted if it has special characters.
    pub fn quote_for_shell(self, word: &str) -> String {
        let plain = match self {
            Self::Posix => "/._-+:@,",
            Self::PowerShell => "/._-+:\\",
            Self::Cmd => "/._-+:@\\",
        };
        let is_bare =
            |character: char| character.is_ascii_alphanumeric() || plain.contains(character);
        if !word.is_empty() && word.chars().all(is_bare) {
            return word.to_owned();
        }
        match self {
            Self::PowerShell => quote_for_powershell(word),
            Self::Cmd => quote_for_cmd(word),
            Self::Posix if word.contains(['"', '$', '`', '\\', '!', '%']) => {
                format!("'{}'", word.replace('\'', "'\\''"))
            }
            // The others understand it, too.
            Self::Posix => format!("\"{word}\""),
        }
    }

    /// The command that sets a variable for the programs that are started next.
    pub fn set_variable(self, name: &str, value: &str) -> String {
        match self {
            Self::Posix => format!("export {name}={}", self.quote_for_shell(value)),
            Self::PowerShell => format!("$env:{name} = {}", quote_for_powershell(value)),
            // There a quote would be part of the value, so every character is hidden by itself.
            Self::Cmd if value.contains(['"', '%']) => {
                let hidden = value.chars().flat_map(|character| ['^', character]);
                format!("set {name}={}", hidden.collect::<String>())
            }
            // The quotes are around both, or they are part of the value.
            Self::Cmd => format!("set \"{name}={value}\""),
        }
    }
}

/// Typographic quotes end a text there, too.
fn quote_for_powershell(word: &str) -> String {
    const QUOTES: [char; 5] = ['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'];
    let mut quoted = "'".to_owned();
    for character in word.chars() {
        quoted.extend(std::iter::repeat_n(character, 1 + usize::from(QUOTES.contains(&character))));
    }
    quoted + "'"
}

/// Read twice: by the command prompt, for which a quote begins or ends a text whatever is before it, and by
/// the program, for which two in a text are one and a backslash before one must be doubled.
fn quote_for_cmd(word: &str) -> String {
    let (mut quoted, mut backslashes) = ("\"".to_owned(), 0);
    for character in word.chars().map(Some).chain([None]) {
        let written = match character {
            Some('"') => "\"\"",
            // Only outside a text can it be hidden, and with a quote after it no variable has that name.
            Some('%') => "\"^%\"",
            Some(other) => {
                backslashes = if other == '\\' { backslashes + 1 } else { 0 };
                quoted.push(other);
                continue;
            }
            None => "\"",
        };
        quoted.extend(std::iter::repeat_n('\\', backslashes));
        quoted.push_str(written);
        backslashes = 0;
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::Shell::{self, Cmd, Posix, PowerShell};

    #[test]
    fn the_shell_is_known_by_its_variables() {
        let shell = |set: &[&str]| Shell::from_environment(true, |name| set.contains(&name));
        assert_eq!(shell(&["MSYSTEM", "PROMPT"]), Posix);
        assert_eq!(shell(&["SHELL"]), Posix);
        assert_eq!(shell(&["PROMPT", "PSModulePath"]), Cmd);
        assert_eq!(shell(&["PSModulePath"]), PowerShell);
        assert_eq!(shell(&[]), PowerShell);
        assert_eq!(Shell::from_environment(false, |name| name == "PROMPT"), Posix);
    }

    #[test]
    fn words_are_quoted_for_each_shell() {
        let quoted = |word: &str| [Posix, PowerShell, Cmd].map(|shell| shell.quote_for_shell(word));
        assert_eq!(quoted("requests/2026/R-1.yaml"), ["requests/2026/R-1.yaml"; 3]);
        assert_eq!(quoted(""), ["\"\"", "''", "\"\""]);
        assert_eq!(
            quoted("Jabatan Contoh/R-1.yaml"),
            [
                "\"Jabatan Contoh/R-1.yaml\"",
                "'Jabatan Contoh/R-1.yaml'",
                "\"Jabatan Contoh/R-1.yaml\""
            ]
        );
        assert_eq!(
            quoted(r"C:\Kerja\arkib"),
            [r"'C:\Kerja\arkib'", r"C:\Kerja\arkib", r"C:\Kerja\arkib"]
        );
        assert_eq!(
            quoted("a $(b) 'c'"),
            ["'a $(b) '\\''c'\\'''", "'a $(b) ''c'''", "\"a $(b) 'c'\""]
        );
        assert_eq!(quoted(r#"a" & b"#)[2], r#""a"" & b""#);
        assert_eq!(quoted(r#"a\" b\"#)[2], r#""a\\"" b\\""#);
        assert_eq!(quoted("%PATH% a")[2], r#"""^%"PATH"^%" a""#);
        assert_eq!(quoted("a\u{2018}; b\u{2019}\u{201a}\u{201b}")[1], "'a‘‘; b’’‚‚‛‛'");
        // In PowerShell these two begin something else.
        assert_eq!(quoted("@a,b"), ["@a,b", "'@a,b'", "\"@a,b\""]);
    }

    #[test]
    fn variables_are_set_in_each_shell() {
        let set =
            |value: &str| [Posix, PowerShell, Cmd].map(|shell| shell.set_variable("A", value));
        assert_eq!(set("b/c"), ["export A=b/c", "$env:A = 'b/c'", "set \"A=b/c\""]);
        assert_eq!(set("b c's"), ["export A=\"b c's\"", "$env:A = 'b c''s'", "set \"A=b c's\""]);
        assert_eq!(set("b’")[1], "$env:A = 'b’’'");
        assert_eq!([set("%b%")[2].as_str(), &set("b\"&")[2]], ["set A=^%^b^%", "set A=^b^\"^&"]);
    }
}
