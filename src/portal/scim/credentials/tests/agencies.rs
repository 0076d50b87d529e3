//! The variables of one agency among several.

use super::World;
use crate::language::Language;
use crate::portal::scim::connection_config::ConnectionConfig;
use crate::portal::scim::credentials::AuthMethod;
use crate::portal::scim::names_for_agency;

const URL: (&str, &str) = ("ARKIB_PORTAL_URL", "https://semua.example/scim/v2");
const TOKEN: (&str, &str) = ("ARKIB_PORTAL_TOKEN", "semua");

/// The host and the token of an agency, or why there are none.
fn connection(agency: &str, set: &[(&str, &str)]) -> Result<String, String> {
    let world = World::new(set);
    let variable = |name: &str| world.variables.get(name).cloned();
    let names = names_for_agency(agency, &variable).map_err(|error| error.why.in_english())?;
    let config = ConnectionConfig::from_environment(&variable, &world.access(names));
    let config = config.map_err(|error| format!("{}; {}", error.detail, error.help))?;
    let AuthMethod::StaticCredential(stored) = &*config.method else {
        return Ok(format!("{} OAuth", config.host_and_port()));
    };
    let header = stored.current_header();
    Ok(format!("{} {}", config.host_and_port(), header.to_str().unwrap()))
}

#[test]
fn an_agency_has_its_own_variables_as_soon_as_one_is_set() {
    let own = ("ARKIB_PORTAL_TOKEN_JAB_2D_SATU", "rahsia");
    let own_url = ("ARKIB_PORTAL_URL_JAB_2D_SATU", "https://satu.example");
    let user = ("ARKIB_PORTAL_USER_JAB_2D_SATU", "a");
    for (set, expected) in [
        (&[URL, TOKEN][..], Ok("semua.example Bearer semua")),
        (&[URL, own], Ok("semua.example Bearer rahsia")),
        (&[URL, TOKEN, own], Ok("semua.example Bearer rahsia")),
        (&[URL, own_url, own], Ok("satu.example Bearer rahsia")),
        (&[URL, user, ("ARKIB_PORTAL_PASSWORD_JAB_2D_SATU", "b")], Ok("semua.example Basic YTpi")),
        // Others' variables are not its own.
        (&[URL, TOKEN, ("ARKIB_PORTAL_TOKEN_JAB", "x")], Ok("semua.example Bearer semua")),
        (
            &[URL, TOKEN, ("ARKIB_PORTAL_TOKEN_JAB_2D_SATU_A", "x")],
            Ok("semua.example Bearer semua"),
        ),
        // The token of all never goes to an agency's own portal, and no credentials are mixed.
        (&[URL, TOKEN, own_url], Err("neither ARKIB_PORTAL_TOKEN_JAB_2D_SATU,")),
        (
            &[URL, TOKEN, ("ARKIB_PORTAL_CERT_JAB_2D_SATU", "x")],
            Err("neither ARKIB_PORTAL_TOKEN_JAB_2D_SATU,"),
        ),
        (
            &[URL, ("ARKIB_PORTAL_PASSWORD", "b"), user],
            Err("neither ARKIB_PORTAL_PASSWORD_JAB_2D_SATU nor"),
        ),
        (
            &[URL, TOKEN, own, user],
            Err("allowed: ARKIB_PORTAL_TOKEN_JAB_2D_SATU, ARKIB_PORTAL_USER_JAB_2D_SATU"),
        ),
        (&[own], Err("ARKIB_PORTAL_URL is not set")),
        (
            &[URL, own, ("ARKIB_PORTAL_URL_JAB_2D_SATU", "")],
            Err("ARKIB_PORTAL_URL_JAB_2D_SATU is empty"),
        ),
        (&[URL, own, ("ARKIB_PORTAL_CA", "/tiada")], Err("the file that ARKIB_PORTAL_CA names")),
        (
            &[URL, own, ("ARKIB_PORTAL_CA_JAB_2D_SATU", "/tiada")],
            Err("ARKIB_PORTAL_CA_JAB_2D_SATU names"),
        ),
    ] {
        let found = connection("Jab-Satu", set);
        match expected {
            Ok(expected) => assert_eq!(found.as_deref(), Ok(expected), "{set:?}"),
            Err(why) => assert!(found.clone().unwrap_err().contains(why), "{set:?}: {found:?}"),
        }
    }
}

/// Each sees its own folder only, as a job that runs one agency does.
#[test]
fn no_variable_is_that_of_two_agencies() {
    const AGENCIES: &[(&str, &str)] = &[
        ("JCS1", "JCS1"),
        ("JCS-1", "JCS_2D_1"),
        ("jcs.1", "JCS_2E_1"),
        ("JCS_1", "JCS_5F_1"),
        ("JCS_2D_1", "JCS_5F_2D_5F_1"),
        ("JCS2D1", "JCS2D1"),
        ("É", "_C9_"),
        ("C9", "C9"),
        ("A", "A"),
        ("_A", "_5F_A"),
        ("5F_A", "5F_5F_A"),
        ("FILEA", "FILEA"),
        ("FILE_A", "FILE_5F_A"),
        ("FILE__A", "FILE_5F__5F_A"),
    ];
    let takers = |own: &str| -> Vec<&str> {
        let set = [URL, TOKEN, (own, "/tiada")];
        let without = connection("LAIN", &set);
        let names = AGENCIES.iter().map(|(agency, _)| *agency);
        names.filter(|agency| connection(agency, &set) != without).collect()
    };
    for (agency, suffix) in AGENCIES {
        for general in ["ARKIB_PORTAL_TOKEN", "ARKIB_PORTAL_TOKEN_FILE", "ARKIB_PORTAL_USER"] {
            assert_eq!(takers(&format!("{general}_{suffix}")), [*agency], "{general}_{suffix}");
        }
    }
    assert_eq!(takers("ARKIB_PORTAL_TOKEN_JCS_1"), [""; 0]);
    let small = connection("jcs", &[URL, ("ARKIB_PORTAL_TOKEN_JCS", "a")]);
    assert_eq!(small.unwrap(), "semua.example Bearer a");
}

#[test]
fn an_agency_called_file_has_no_variables() {
    let refused = connection("File", &[URL, TOKEN, ("ARKIB_PORTAL_USER_FILE", "a")]).unwrap_err();
    assert!(refused.starts_with("ARKIB_PORTAL_USER_FILE cannot be the variable of"), "{refused}");
    // A file with the token of all.
    let file =
        connection("FILE", &[URL, TOKEN, ("ARKIB_PORTAL_TOKEN_FILE", "/tiada")]).unwrap_err();
    assert!(file.starts_with("both ARKIB_PORTAL_TOKEN and ARKIB_PORTAL_TOKEN_FILE"), "{file}");
}

#[test]
fn an_agencys_own_variables_are_named_in_either_language() {
    let set = [URL, ("ARKIB_PORTAL_TOKEN_JCD", "")];
    let world = World::new(&set);
    let variable = |name: &str| world.variables.get(name).cloned();
    let names = names_for_agency("JCD", &variable).expect("no agency called FILE");
    let error = ConnectionConfig::from_environment(&variable, &world.access(names)).unwrap_err();
    let said = error.message().render(Language::Malay);
    assert_eq!(said, "menyediakan sambungan ke portal: token portal kosong");
    let help = error.help.render(Language::Malay);
    assert!(help.starts_with("tetapkan ARKIB_PORTAL_TOKEN_JCD atau ARKIB_PORTAL_TOKEN_FILE_JCD;"));
}
