//! Reads `src/` as files that refer to each other. Works on tokens, so that comments and texts are
//! ignored and paths inside macros are found. Test code is left out.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::catalogues::{MessageUse, collect_message_uses};
use super::sentences::count_sentences;

/// A path that a file names, from the root of its crate: `["crate", "domain", "plan", "Plan"]` or
/// `["std", "fs", "read"]`.
pub type Named = Vec<String>;

/// Primitive types that can begin a path (`u64::from`).
const PRIMITIVES: &[&str] =
    &["bool", "char", "f64", "i64", "str", "u128", "u16", "u32", "u64", "u8", "usize"];

/// One file of `src/` and the names that it uses.
#[derive(Debug, Default)]
pub struct SourceFile {
    /// All paths named in it, except re-exports of its own children.
    pub named: Vec<Named>,
    /// Words that follow a dot: methods and fields.
    pub members: Vec<String>,
    /// All other words.
    pub words: Vec<String>,
    /// Re-exports: `pub use`.
    handed_on: HashMap<String, Named>,
}

/// The files of `src/` by name, such as `domain/plan.rs`.
#[derive(Debug)]
pub struct Source {
    pub files: BTreeMap<String, SourceFile>,
    /// The messages that the code uses, tests included.
    pub message_uses: Vec<MessageUse>,
    /// How many literals with a sentence each file has.
    pub sentences: BTreeMap<String, usize>,
    /// The file of each module, by its path.
    modules: HashMap<Vec<String>, String>,
}

impl Source {
    /// The `src/` of this project, read once for all tests.
    pub fn of_project() -> &'static Self {
        static SOURCE: LazyLock<Source> = LazyLock::new(Source::read);
        &SOURCE
    }

    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut paths = Vec::new();
        super::files_below(&root, "rs", &mut paths);
        assert!(paths.len() > 100, "only {} files", paths.len());
        Self::of(paths.iter().map(|path| {
            let name = path.strip_prefix(&root).unwrap().to_string_lossy();
            (name.replace('\\', "/"), fs::read_to_string(path).unwrap())
        }))
    }

    /// Sample files of a test.
    pub fn of(texts: impl IntoIterator<Item = (String, String)>) -> Self {
        // To turn a text into tokens is most of the work: what any test looks for is found here.
        let mut message_uses = Vec::new();
        let mut sentences = BTreeMap::new();
        let parsed: Vec<(String, Vec<String>, Vec<TokenTree>)> = texts
            .into_iter()
            .map(|(name, text)| {
                let tokens: TokenStream = text.parse().unwrap();
                collect_message_uses(tokens.clone(), &mut message_uses);
                let module = module_of(&name);
                let tokens = without_tests(tokens);
                sentences.insert(name.clone(), count_sentences(tokens.clone()));
                (name, module, tokens)
            })
            .collect();
        let for_tests: Vec<Vec<String>> = parsed
            .iter()
            .filter(|(name, ..)| is_for_tests(name))
            .map(|(_, module, _)| module.clone())
            .collect();
        let mut modules = HashMap::new();
        for (name, module, _) in &parsed {
            if !for_tests.iter().any(|tests| module.starts_with(tests)) {
                modules.insert(module.clone(), name.clone());
            }
        }
        let mut files = BTreeMap::new();
        for (name, module, tokens) in &parsed {
            if modules.contains_key(module) {
                files.insert(name.clone(), Reader::new(module, &modules).read(tokens));
            }
        }
        Self { files, message_uses, sentences, modules }
    }

    /// The file of `src/` that defines a path; re-exports are followed. Nothing for paths into
    /// other crates.
    pub fn target(&self, path: &[String]) -> Option<&str> {
        let mut path = path.to_vec();
        for _ in 0..8 {
            if path.first()? != "crate" {
                return None;
            }
            let inside = &path[1..];
            let depth = (0..=inside.len())
                .rev()
                .find(|depth| self.modules.contains_key(&inside[..*depth]))?;
            let file = &self.modules[&inside[..depth]];
            let next = inside.get(depth).and_then(|word| self.files[file].handed_on.get(word));
            let Some(next) = next else {
                return Some(file);
            };
            let mut further = next.clone();
            further.extend_from_slice(&inside[depth + 1..]);
            path = further;
        }
        None
    }

    /// From each file to the files that it uses, with one of the names.
    pub fn arrows(&self) -> BTreeMap<&str, BTreeMap<&str, String>> {
        let mut arrows: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
        for (name, file) in &self.files {
            let from = arrows.entry(name).or_default();
            for path in &file.named {
                if let Some(target) = self.target(path).filter(|target| target != name) {
                    from.entry(target).or_insert_with(|| path.join("::"));
                }
            }
        }
        arrows
    }
}

/// `domain/plan/guard.rs` is the module `domain::plan::guard`.
fn module_of(name: &str) -> Vec<String> {
    match name {
        "lib.rs" => Vec::new(),
        name => name.trim_end_matches(".rs").split('/').map(str::to_owned).collect(),
    }
}

/// Files that only tests build: `tests.rs`, files below `tests/`, and helpers of tests.
pub fn is_for_tests(name: &str) -> bool {
    let mut parts = name.trim_end_matches(".rs").split('/');
    parts.any(|part| matches!(part, "tests" | "testing" | "scripted" | "sample" | "property"))
}

/// The tokens without those under `#[cfg(test)]`.
pub fn without_tests(tokens: TokenStream) -> Vec<TokenTree> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if is_cfg_test(&tokens[at..]) {
            at += 2;
            while at < tokens.len() && !ends_item(&tokens[at]) {
                at += 1;
            }
        } else {
            kept.push(tokens[at].clone());
        }
        at += 1;
    }
    kept
}

fn is_cfg_test(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Punct(hash), TokenTree::Group(group), ..] = tokens else {
        return false;
    };
    let text = group.stream().to_string().replace(' ', "");
    hash.as_char() == '#' && (text == "cfg(test)" || text.starts_with("cfg(any(test,"))
}

fn ends_item(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    }
}

/// Reads the tokens of one file.
struct Reader<'a> {
    module: &'a [String],
    modules: &'a HashMap<Vec<String>, String>,
    /// The paths of names imported by `use`.
    brought: HashMap<String, Named>,
    file: SourceFile,
}

impl<'a> Reader<'a> {
    fn new(module: &'a [String], modules: &'a HashMap<Vec<String>, String>) -> Self {
        Self { module, modules, brought: HashMap::new(), file: SourceFile::default() }
    }

    fn read(mut self, tokens: &[TokenTree]) -> SourceFile {
        let mut uses = Vec::new();
        collect_uses(tokens, false, &mut uses);
        let module = self.module.to_vec();
        // Twice: a name may be imported through another that a later line imports.
        for _ in 0..2 {
            for leaf in &uses {
                if let Some(path) = self.absolute(&leaf.path, &module) {
                    self.brought.insert(leaf.alias.clone(), path);
                }
            }
        }
        self.walk(tokens, &module);
        for leaf in uses {
            let Some(path) = self.absolute(&leaf.path, &module) else {
                continue;
            };
            let own = self.module.len() + 1;
            let is_own_child = path.len() > own && path[1..own] == *self.module;
            if leaf.is_public {
                self.file.handed_on.insert(leaf.alias.clone(), path.clone());
            }
            let is_used = self.file.words.contains(&leaf.alias);
            if !(leaf.is_public && is_own_child) || is_used {
                self.file.named.push(path);
            }
        }
        self.file
    }

    /// Every path in the body, and every other word.
    fn walk(&mut self, tokens: &[TokenTree], module: &[String]) {
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => {
                    let inner = without_tests(group.stream());
                    let inline = match tokens[..at] {
                        [.., TokenTree::Ident(ref word), TokenTree::Ident(ref name)]
                            if word == "mod" =>
                        {
                            [module, &[name.to_string()]].concat()
                        }
                        _ => module.to_vec(),
                    };
                    self.walk(&inner, &inline);
                }
                TokenTree::Ident(word) if word == "use" && !captures(tokens, at) => {
                    while at < tokens.len() && !is_punct(&tokens[at], ';') {
                        at += 1;
                    }
                }
                // A declaration of a module does not count as a use.
                TokenTree::Ident(word) if word == "mod" => at += 1,
                TokenTree::Ident(word) => {
                    let mut path = vec![word.to_string()];
                    while let Some(TokenTree::Ident(next)) = after_colons(tokens, at) {
                        path.push(next.to_string());
                        at += 3;
                    }
                    let is_member = at >= 1 && path.len() == 1 && is_punct(&tokens[at - 1], '.');
                    if is_member {
                        self.file.members.push(path.remove(0));
                    } else if path.len() == 1 {
                        self.file.words.push(path.remove(0));
                    } else {
                        self.file.words.push(path[0].clone());
                        let path = self.absolute(&path, module);
                        self.file.named.extend(path);
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// From the root of its crate; nothing for a type of the same file (`Plan::new`).
    fn absolute(&self, path: &[String], module: &[String]) -> Option<Named> {
        let (first, rest) = path.split_first()?;
        let from = |start: &[String]| Some([start, rest].concat());
        let root = ["crate".to_owned()];
        match first.as_str() {
            "crate" => Some(path.to_vec()),
            "self" => from(&[&root, module].concat()),
            "super" => {
                let mut up = module[..module.len().checked_sub(1)?].to_vec();
                let mut rest = rest;
                while rest.first().is_some_and(|word| word == "super") {
                    up.pop();
                    rest = &rest[1..];
                }
                Some([&root, up.as_slice(), rest].concat())
            }
            _ if self.is_child(first, module) => Some([&root, module, path].concat()),
            _ => match self.brought.get(first) {
                Some(known) if known.last() != Some(first) || known.len() > 1 => from(known),
                _ if PRIMITIVES.contains(&first.as_str()) => None,
                _ if first.starts_with(|letter: char| letter.is_lowercase()) => Some(path.to_vec()),
                _ => None,
            },
        }
    }

    fn is_child(&self, name: &str, module: &[String]) -> bool {
        let child = [module, &[name.to_owned()]].concat();
        self.modules.contains_key(&child)
    }
}

/// One name that a `use` imports.
struct Leaf {
    path: Named,
    alias: String,
    is_public: bool,
}

/// The `use` lines of a file, those inside functions and inline modules included.
fn collect_uses(tokens: &[TokenTree], is_inner: bool, leaves: &mut Vec<Leaf>) {
    let mut at = 0;
    let mut is_public = false;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(word) if word == "pub" => is_public = !is_inner,
            // Not `use<'a>`, which says what a returned `impl` captures.
            TokenTree::Ident(word) if word == "use" && !captures(tokens, at) => {
                let end = (at..tokens.len())
                    .find(|end| is_punct(&tokens[*end], ';'))
                    .unwrap_or(tokens.len());
                use_tree(&tokens[at + 1..end], &[], is_public, leaves);
                at = end;
                is_public = false;
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                collect_uses(&without_tests(group.stream()), true, leaves);
                is_public = false;
            }
            // `pub(super)`
            TokenTree::Group(_) => {}
            _ => is_public = false,
        }
        at += 1;
    }
}

fn use_tree(tokens: &[TokenTree], prefix: &[String], is_public: bool, leaves: &mut Vec<Leaf>) {
    let mut path = prefix.to_vec();
    let mut alias = None;
    let mut is_done = false;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(word) if word == "as" => alias = tokens.get(at + 1),
            TokenTree::Ident(_) if alias.is_some() => {}
            TokenTree::Ident(word) => path.push(word.to_string()),
            TokenTree::Punct(punct) if punct.as_char() == '*' => {}
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                for part in inner.split(|token| is_punct(token, ',')) {
                    if !part.is_empty() {
                        use_tree(part, &path, is_public, leaves);
                    }
                }
                is_done = true;
            }
            _ => {}
        }
    }
    if is_done {
        return;
    }
    if path.len() > 1 && path.last().is_some_and(|word| word == "self") {
        path.pop();
    }
    let alias = alias.map(ToString::to_string);
    let alias = alias.unwrap_or_else(|| path.last().cloned().unwrap_or_default());
    leaves.push(Leaf { path, alias, is_public });
}

fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

fn captures(tokens: &[TokenTree], at: usize) -> bool {
    tokens.get(at + 1).is_some_and(|token| is_punct(token, '<'))
}

/// The token behind `::`, where `::` follows.
fn after_colons(tokens: &[TokenTree], at: usize) -> Option<&TokenTree> {
    let colons = is_punct(tokens.get(at + 1)?, ':') && is_punct(tokens.get(at + 2)?, ':');
    colons.then(|| tokens.get(at + 3)).flatten()
}
