//! The variables of one agency among several.

use super::World;
use crate::portal::scim::connection_config::ConnectionConfig;
use crate::portal::scim::credentials::AuthMethod;
use crate::portal::scim::names_for_agency;

const URL: (&str, &str) = ("ARKIB_PORTAL_URL", "https://semua.example/scim/v2");
const TOKEN: (&str, &str) = ("ARKIB_PORTAL_TOKEN", "semua");

/// The host and the token of an agency beside others, or why there are none.
fn connection(agency: &str, others: &[&str], set: &[(&str, &str)]) -> Result<String, String> {
    let world = World::new(set);
    let variable = |name: &str| world.variables.get(name).cloned();
    let all: Vec<String> = others.iter().chain([&agency]).map(|&name| name.to_owned()).collect();
    let names = names_for_agency(agency, &all, &variable).map_err(|error| error.why)?;
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
    let own = ("ARKIB_PORTAL_TOKEN_JAB_SATU", "rahsia");
    let own_url = ("ARKIB_PORTAL_URL_JAB_SATU", "https://satu.example");
    let user = ("ARKIB_PORTAL_USER_JAB_SATU", "a");
    for (set, expected) in [
        (&[URL, TOKEN][..], Ok("semua.example Bearer semua")),
        (&[URL, own], Ok("semua.example Bearer rahsia")),
        (&[URL, TOKEN, own], Ok("semua.example Bearer rahsia")),
        (&[URL, own_url, own], Ok("satu.example Bearer rahsia")),
        (&[URL, user, ("ARKIB_PORTAL_PASSWORD_JAB_SATU", "b")], Ok("semua.example Basic YTpi")),
        // Others' variables are not its own.
        (&[URL, TOKEN, ("ARKIB_PORTAL_TOKEN_JAB", "x")], Ok("semua.example Bearer semua")),
        (&[URL, TOKEN, ("ARKIB_PORTAL_TOKEN_JAB_SATU_A", "x")], Ok("semua.example Bearer semua")),
        // The token of all never goes to an agency's own portal, and no credentials are mixed.
        (&[URL, TOKEN, own_url], Err("neither ARKIB_PORTAL_TOKEN_JAB_SATU,")),
        (
            &[URL, TOKEN, ("ARKIB_PORTAL_CERT_JAB_SATU", "x")],
            Err("neither ARKIB_PORTAL_TOKEN_JAB_SATU,"),
        ),
        (
            &[URL, ("ARKIB_PORTAL_PASSWORD", "b"), user],
            Err("neither ARKIB_PORTAL_PASSWORD_JAB_SATU nor"),
        ),
        (
            &[URL, TOKEN, own, user],
            Err("allowed: ARKIB_PORTAL_TOKEN_JAB_SATU, ARKIB_PORTAL_USER_JAB_SATU"),
        ),
        (&[own], Err("ARKIB_PORTAL_URL is not set")),
        (&[URL, own, ("ARKIB_PORTAL_URL_JAB_SATU", "")], Err("ARKIB_PORTAL_URL_JAB_SATU is empty")),
        (&[URL, own, ("ARKIB_PORTAL_CA", "/tiada")], Err("the file that ARKIB_PORTAL_CA names")),
        (
            &[URL, own, ("ARKIB_PORTAL_CA_JAB_SATU", "/tiada")],
            Err("ARKIB_PORTAL_CA_JAB_SATU names"),
        ),
    ] {
        let found = connection("Jab-Satu", &["JAB", "LAIN"], set);
        match expected {
            Ok(expected) => assert_eq!(found.as_deref(), Ok(expected), "{set:?}"),
            Err(why) => assert!(found.clone().unwrap_err().contains(why), "{set:?}: {found:?}"),
        }
    }
}

#[test]
fn a_variable_that_two_agencies_could_have_is_refused() {
    let refused =
        |agency, others, variable| connection(agency, others, &[URL, TOKEN, (variable, "rahsia")]);
    let two = "ARKIB_PORTAL_TOKEN_JAB_A could be meant for jab-a and for JAB A";
    assert_eq!(refused("jab-a", &["JAB A"], "ARKIB_PORTAL_TOKEN_JAB_A").unwrap_err(), two);
    let both = ["FILE_A", "A"]
        .map(|agency| refused(agency, &["FILE_A", "A"], "ARKIB_PORTAL_TOKEN_FILE_A").unwrap_err());
    assert!(both.iter().all(|why| why.contains("could be meant for")), "{both:?}");
    let alone = refused("FILE_A", &[], "ARKIB_PORTAL_USER_FILE_A").unwrap_err();
    assert!(alone.contains("cannot be the variable of an agency"), "{alone}");
    // Where no such variable is set, all names are well.
    for agency in ["jab-a", "JAB A", "FILE"] {
        let found = refused(agency, &["JAB A", "jab-a"], "LAIN");
        assert_eq!(found.unwrap(), "semua.example Bearer semua");
    }
    // A file with the token of all.
    let file = refused("FILE", &[], "ARKIB_PORTAL_TOKEN_FILE").unwrap_err();
    assert!(file.starts_with("both ARKIB_PORTAL_TOKEN and ARKIB_PORTAL_TOKEN_FILE"), "{file}");
}
