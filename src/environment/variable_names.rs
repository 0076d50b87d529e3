//! What the variables of one connection are called, where some have a name of their own. Pure.

/// The names of variables: as everywhere, or other ones for some of them. Two connections with the same
/// names have the same variables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VariableNames(Vec<(&'static str, String)>);

impl VariableNames {
    /// Takes the general name of each variable that is called otherwise, and what it is called.
    pub fn new(renamed: Vec<(&'static str, String)>) -> Self {
        Self(renamed)
    }

    /// What a variable is called.
    pub fn actual_name<'a>(&'a self, general: &'a str) -> &'a str {
        let renamed = self.0.iter().find(|(name, _)| *name == general);
        renamed.map_or(general, |(_, actual)| actual)
    }

    /// A text in which each general name is replaced by what the variable is called.
    pub fn rename(&self, text: String) -> String {
        if self.0.is_empty() {
            return text;
        }
        let is_in_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
        let mut renamed = String::new();
        let mut rest = &*text;
        while let Some(begin) = rest.find(is_in_name) {
            let (between, from_name) = rest.split_at(begin);
            let end = from_name.find(|letter| !is_in_name(letter)).unwrap_or(from_name.len());
            let (name, after) = from_name.split_at(end);
            renamed += between;
            renamed += self.actual_name(name);
            rest = after;
        }
        renamed + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renames_whole_names_only_and_once() {
        let names = VariableNames::new(vec![("TOKEN", "TOKEN_SATU".to_owned())]);
        assert_eq!(names.actual_name("TOKEN"), "TOKEN_SATU");
        assert_eq!(names.actual_name("TOKEN_FILE"), "TOKEN_FILE");
        for (text, renamed) in [
            ("set TOKEN, or TOKEN_FILE", "set TOKEN_SATU, or TOKEN_FILE"),
            ("TOKEN=TOKEN", "TOKEN_SATU=TOKEN_SATU"),
            ("TOKEN_SATU is empty…", "TOKEN_SATU is empty…"),
            ("tiada", "tiada"),
        ] {
            assert_eq!(names.rename(text.to_owned()), renamed);
        }
        assert_eq!(VariableNames::default().rename("TOKEN".to_owned()), "TOKEN");
    }
}
