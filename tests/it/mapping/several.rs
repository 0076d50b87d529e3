//! Agencies of one run, each with its own mapping.

use serde_json::json;

use super::{APPLY, PETI, POLICY, attribute};
use crate::custom_portal::{CustomPortal, PortalFileOptions, USER};
use crate::session::{Session, status, stderr, stdout};

#[test]
fn each_agency_is_written_with_its_own_mapping() {
    let options = PortalFileOptions {
        config: Some(json!({"patch": {"supported": true}, "etag": {"supported": false}})),
        schemas: Some(
            json!([{"id": PETI, "name": "Peti", "attributes": [attribute("arkib", "string"), attribute("rujukan", "string")]}]),
        ),
        ..PortalFileOptions::default()
    };
    let users = ["agensi", "lain"].map(|agency| {
        json!({"schemas": [USER, PETI], "id": agency, "userName": format!("a@{agency}.example"),
            PETI: {"arkib": "Tiada"}})
    });
    let (session, portal) = (Session::new(), CustomPortal::start(options, users.to_vec()));
    // They differ in the word for an enabled archive, and in whether the request is written.
    for (folder, agency, word, request) in
        [("satu", "agensi", "Ada", ""), ("dua", "lain", "Dihidupkan", "  request: rujukan\n")]
    {
        let policy = POLICY
            .replace("CONTOH", &agency.to_uppercase())
            .replace("[agensi.example]", &format!("[{agency}.example]"));
        session.write(
            &format!("requests/{folder}/agency.yaml"),
            format!(
                "{policy}portal: scim\nmapping:\n  schema: {PETI}\n  state: {{ attribute: arkib, values: {{ enabled: [{word}], disabled: [Tiada], terminated: [Tamat] }} }}\n{request}"
            ),
        );
        session.write(
            &format!("requests/{folder}/R-1.yaml"),
            format!("version: 1\nid: R-1\naction: enable\nmailboxes:\n  - a@{agency}.example\nreceived:\n  date: 2026-11-02\n  channel: letter\n  reference: R 1\napprovals:\n  - by: pentadbir.uc@agensi.example\n    date: 2026-11-03\n"),
        );
    }
    let output = portal.run(&session, APPLY);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let written = |id| portal.user(id)[PETI].clone();
    assert_eq!(written("agensi"), json!({"arkib": "Ada"}));
    let other = json!({"arkib": "Dihidupkan", "rujukan": "R-1"});
    assert_eq!(written("lain"), other);
}
