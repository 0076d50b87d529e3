//! What holds for any bytes given to the reader. The fuzz target runs it on what it invents, the
//! integration tests on every example file.

use std::borrow::Cow;
use std::sync::Arc;

use arkib::domain::policy;
use arkib::domain::policy::raw::RawPolicy;
use arkib::domain::request;
use arkib::domain::request::raw::RawRequest;
use arkib::domain::request::request_file_source::{FileEntry, RequestFileSource};
use arkib::domain::request::rules::RuleContext;
use arkib::finding::Finding;
use arkib::load::agency_loader::load;
use arkib::yaml::{RawDocument, YamlText};

/// A requests folder in memory: the bytes, once as a request and once as the policy.
struct Memory<'a>(&'a [u8], &'a str);

impl RequestFileSource for Memory<'_> {
    fn list(&self) -> (Vec<FileEntry>, Vec<Finding>) {
        let entry = |path: &str| FileEntry { path: path.to_owned(), shown: path.into() };
        (vec![entry("agency.yaml"), entry("BMT-1.yaml")], Vec::new())
    }

    fn read_file(&self, entry: &FileEntry) -> Result<Cow<'_, [u8]>, Box<Finding>> {
        let hostile = entry.path == self.1;
        Ok(Cow::Borrowed(if hostile { self.0 } else { GOOD_POLICY }))
    }

    fn folder_name(&self) -> Arc<str> {
        "requests".into()
    }
}

const AS_OF: jiff::civil::Date = jiff::civil::date(2026, 11, 23);
const GOOD_POLICY: &[u8] = b"version: 1\nagency: A\nname: A\ndomains: [agensi.example]\napprovers: [a@agensi.example]\nportal: scim\n";

/// Panics where a promise of the reader is broken.
pub fn holds(bytes: &[u8]) {
    for hostile in ["BMT-1.yaml", "agency.yaml"] {
        let loaded = load(&Memory(bytes, hostile), AS_OF);
        let read = loaded.agencies.iter().map(|agency| agency.requests.len()).sum::<usize>();
        assert!(read == 1 || !loaded.findings.is_empty(), "a file was neither read nor reported");
    }
    let file: Arc<str> = "BMT-1.yaml".into();
    if let Ok(source) = YamlText::new(&file, bytes) {
        let origin = RuleContext { file: &file, stem: "BMT-1", text: source.text(), policy: None };
        // The id is that of whatever file the bytes come from.
        let stemmed = |draft: &RawRequest| {
            let stem = draft.id.as_ref().map_or("BMT-1", |id| &id.0).to_owned();
            request::check::check(draft, &RuleContext { stem: &stem, ..origin }).is_ok()
        };
        agree::<RawRequest>(&source, stemmed);
        agree::<RawPolicy>(&source, |draft| policy::check(draft, &file).is_ok());
    }
}

/// What the fast way takes for good, the exact way takes without a finding, and reads the same.
fn agree<D: RawDocument + PartialEq + std::fmt::Debug>(
    source: &YamlText<'_>,
    is_good: impl Fn(&D) -> bool,
) {
    if let Some(fast) = source.parse_fast::<D>().filter(is_good) {
        let exact = source.check_document::<D>();
        assert!(exact.findings.is_empty(), "{:?}", exact.findings);
        assert_eq!(exact.draft.as_ref(), Some(&fast));
    }
}
