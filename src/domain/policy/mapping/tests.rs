//! What a mapping may say.

use super::*;
use crate::domain::mapping::scim::MAILBOX;
use crate::domain::policy::Policy;

const HEAD: &str = "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [pentadbir.uc@agensi.example]\nportal: scim\n";
const GOOD: &str = "mapping:\n  schema: urn:example:params:scim:schemas:extension:mel:1.0:Peti\n  state: { attribute: arkib, values: { disabled: [Tiada], enabled: [Ada, Aktif], terminated: [Tamat] } }\n  hold: { attribute: tahan, values: { held: [\"Y\"], free: [\"N\"] } }\n  account: { attribute: statusAkaun, values: { active: [Aktif], disabled: [Tidak Aktif] } }\n  request: rujukan\n  changed_at: urn:example:lain:1.0:Lain:diubah\n";

fn read(text: &str) -> Result<Policy, Vec<(String, &'static str)>> {
    let draft = serde_yaml::from_str(text).expect("a policy's shape");
    crate::domain::policy::check(&draft, &"agency.yaml".into()).map_err(|issues| {
        issues.into_iter().map(|issue| (issue.message.in_english(), issue.kind)).collect()
    })
}

fn kinds(mapping: &str) -> Vec<&'static str> {
    let read = read(&format!("{HEAD}{mapping}"));
    read.err().unwrap_or_default().into_iter().map(|(_, kind)| kind).collect()
}

#[test]
fn reads_a_mapping() {
    let mapping = read(&format!("{HEAD}{GOOD}")).expect("a policy").mapping;
    let peti = "urn:example:params:scim:schemas:extension:mel:1.0:Peti";
    assert_eq!(mapping.state.attribute.to_string(), format!("{peti}:arkib"));
    assert_eq!(
        (mapping.word_for_state(true), mapping.word_for_state(false)),
        (Some("Ada"), Some("Tamat"))
    );
    assert_eq!(
        mapping.changed_at.map(|attribute| attribute.to_string()).as_deref(),
        Some("urn:example:lain:1.0:Lain:diubah")
    );
    assert_eq!(mapping.mailbox, AddressAttribute::UserName);
    assert!(read(HEAD).expect("a policy").mapping.is_arkib_extension());
}

/// Most servers tell only when the whole user was last changed (RFC 7643 section 3.1).
#[test]
fn only_the_last_change_may_be_that_of_the_whole_user() {
    let with = |changed_at: &str| GOOD.replace("urn:example:lain:1.0:Lain:diubah", changed_at);
    let mapping = read(&format!("{HEAD}{}", with("META.lastModified"))).expect("a policy").mapping;
    let changed_at = mapping.changed_at.expect("an attribute");
    assert_eq!((changed_at.schema.as_deref(), &*changed_at.name), (None, "META"));
    assert_eq!(kinds(&with("meta.created")), Vec::<&str>::new(), "one of the schema's own");
    let core = "urn:ietf:params:scim:schemas:core:2.0:User:meta";
    assert_eq!(kinds(&with(&format!("{core}.created"))), ["not-an-attribute"]);
    let other = GOOD.replace("rujukan", &format!("{core}.lastModified"));
    assert_eq!(kinds(&other), ["not-an-attribute"]);
}

/// A cell may be empty; arkib would write an empty word to a SCIM portal.
#[test]
fn only_an_export_may_give_an_empty_word_a_meaning() {
    let files = HEAD.replace("portal: scim", "portal: files");
    let words = "{ disabled: [Tiada, ''], enabled: [Ada] }";
    let policy = read(&format!("{files}export:\n  states: {words}\n")).expect("a policy");
    assert_eq!(policy.export.states().meaning_of(" "), Some(&State::Disabled));
    let twice = format!("{files}export:\n  states: {}\n", words.replace("Ada", "''"));
    assert_eq!(read(&twice).expect_err("issues")[0].1, "word-twice");
    let mapping = format!(
        "mapping:\n  schema: urn:example:1.0:Peti\n  state: {{ attribute: arkib, values: {words} }}\n"
    );
    assert_eq!(kinds(&mapping), ["bad-word"]);
}

#[test]
fn arkibs_extension_may_be_written_out() {
    let own = format!(
        "mapping:\n  schema: {MAILBOX}\n  state: {{ attribute: state, values: {{ disabled: [disabled], enabling: [enabling], enabled: [enabled], terminating: [terminating], terminated: [terminated] }} }}\n  hold: {{ attribute: hold }}\n  account: {{ attribute: account, values: {{ active: [active], disabled: [disabled], requested_to_delete: [requested-to-delete], deleted: [deleted] }} }}\n  request: request\n  changed_at: changedAt\n  recoverable_until: recoverableUntil\n"
    );
    assert!(read(&format!("{HEAD}{own}")).expect("a policy").mapping.is_arkib_extension());
}

#[test]
fn address_attribute_has_several_spellings() {
    for (said, expected) in [
        ("USERNAME", "userName"),
        ("Emails", "emails.value"),
        ("urn:ietf:params:scim:schemas:core:2.0:User:emails", "emails.value"),
        ("mel", "urn:example:params:scim:schemas:extension:mel:1.0:Peti:mel"),
    ] {
        let policy = read(&format!("{HEAD}{GOOD}  mailbox: {said}\n")).expect("a policy");
        assert_eq!(policy.mapping.mailbox.to_string(), expected);
    }
}

#[test]
fn mistakes_are_reported_at_their_place() {
    for (from, to, kind) in [
        ("portal: scim", "portal: embedded", "mapping-without-portal"),
        ("schema: urn:example:", "schema: http://example/", "not-a-urn"),
        (
            "schema: urn:example:params:scim:schemas:extension:mel:1.0:Peti\n",
            "mailbox: emails\n",
            "not-an-attribute",
        ),
        ("request: rujukan", "request: 1rujukan", "not-an-attribute"),
        ("request: rujukan", "request: ruj ukan", "not-an-attribute"),
        (
            "request: rujukan",
            "request: urn:ietf:params:scim:schemas:core:2.0:User:id",
            "not-an-attribute",
        ),
        (
            "request: rujukan",
            "request: urn:ietf:params:scim:schemas:core:2.0:User",
            "not-an-attribute",
        ),
        ("request: rujukan", "request: ARKIB", "attribute-twice"),
        ("request: rujukan", "request: arkib.oleh", "attribute-twice"),
        ("request: rujukan", "mailbox: arkib", "attribute-twice"),
        (
            "request: rujukan",
            "request: urn:ietf:params:scim:schemas:core:2.0:User:UserName",
            "attribute-twice",
        ),
        ("arkib, values", "arkib, type: boolean, values", "bad-word"),
        ("arkib, values", "arkib, type: integer, values", "bad-word"),
        ("arkib, values", "arkib, type: text, values", "unknown-word"),
        ("enabled: [Ada, Aktif]", "enabled: [Ada, ADA]", "word-twice"),
        ("enabled: [Ada, Aktif]", "enabled: [tiada]", "word-twice"),
        ("enabled: [Ada, Aktif]", "enabled: [<words>]", "not-filled-in"),
        ("request: rujukan", "request: <attribute>", "not-filled-in"),
        ("arkib, values", "arkib, type: <string>, values", "not-filled-in"),
        ("enabled: [Ada, Aktif]", "enabled: [\"A\\u0007da\"]", "bad-word"),
        (
            "  state: { attribute: arkib, values: { disabled: [Tiada], enabled: [Ada, Aktif], terminated: [Tamat] } }\n",
            "",
            "missing-key",
        ),
        (
            ", values: { disabled: [Tiada], enabled: [Ada, Aktif], terminated: [Tamat] }",
            "",
            "missing-key",
        ),
    ] {
        let text = format!("{HEAD}{GOOD}").replacen(from, to, 1);
        assert!(text.contains(to), "{from}");
        let found: Vec<_> =
            read(&text).err().unwrap_or_default().into_iter().map(|(_, kind)| kind).collect();
        assert!(found.contains(&kind), "{from} -> {to}: {found:?}");
    }
}

#[test]
fn core_active_is_the_default_account_attribute() {
    let active = "mapping:\n  state: { attribute: \"urn:ietf:params:scim:schemas:core:2.0:User:active\", type: boolean }\n";
    assert_eq!(kinds(active), ["not-arkibs-to-write", "attribute-twice"]);
    let other = format!("{active}  account: {{ attribute: urn:x:y:akaun }}\n");
    assert_eq!(kinds(&other), ["not-arkibs-to-write"]);
}

#[test]
fn refuses_to_write_personal_attributes() {
    let core = "urn:ietf:params:scim:schemas:core:2.0:User";
    let with = |state: &str, request: &str| {
        kinds(&format!(
            "mapping:\n  state: {{ attribute: \"{state}\", values: {{ enabled: [Ada], disabled: [Tiada] }} }}\n  request: \"{request}\"\n"
        ))
    };
    for own in ["active", "password", "userName", "externalId", "roles", "emails.type"] {
        let own = format!("{core}:{own}");
        assert!(with(&own, "urn:x:y:z").contains(&"not-arkibs-to-write"), "{own}");
        assert!(with("urn:x:y:z", &own).contains(&"not-arkibs-to-write"), "{own}");
    }
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber";
    assert_eq!(with("urn:x:y:z", enterprise), ["not-arkibs-to-write"]);
    assert_eq!(with(&format!("{core}:userType"), &format!("{core}:title")), Vec::<&str>::new());
}

#[test]
fn changed_mapping_is_shown_and_changes_the_digest() {
    let before = read(HEAD).expect("a policy");
    let after = read(&format!("{HEAD}{GOOD}")).expect("a policy");
    let turned =
        read(&format!("{HEAD}{GOOD}").replace("Ada, Aktif", "Aktif, Ada")).expect("a policy");
    let swapped = read(
        &format!("{HEAD}{GOOD}")
            .replace("[Tiada]", "[X]")
            .replace("[Ada, Aktif]", "[Tiada]")
            .replace("[X]", "[Ada, Aktif]"),
    );
    let changes =
        crate::domain::policy::diff::describe_changes(&after, &swapped.expect("a policy"));
    for consequence in [
        "archives that the portal shows as `Tiada` count as enabled, no longer as disabled",
        "archives that the portal shows as `Ada` count as disabled, no longer as enabled",
    ] {
        assert!(changes.iter().any(|line| line.text().contains(consequence)), "{changes:?}");
    }
    let words = crate::domain::policy::diff::describe_changes(&before, &after);
    assert!(words.iter().any(|line| *line.text() == "mapping.state.values: from nothing to disabled = Tiada, enabled = Ada, enabled = Aktif, terminated = Tamat"), "{words:?}");
    let words = crate::domain::policy::diff::describe_changes(&after, &turned);
    assert_eq!(words.len(), 1, "{words:?}");
    let words = crate::domain::policy::diff::describe_changes(&after, &before);
    assert!(words.iter().any(|line| line.text().contains("Peti:arkib to nothing")), "{words:?}");
    let digests = [&before, &after, &turned].map(crate::domain::plan::policy_digest);
    assert!(digests[0] != digests[1] && digests[1] != digests[2]);
}
