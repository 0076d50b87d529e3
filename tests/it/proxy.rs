//! The way through a proxy: it is asked for a tunnel to the portal's host, and sees nothing else.

use std::time::{Duration, Instant};

use arkib::portal::ErrorKind;

use crate::tls::{BOTH, Setting, TOKEN, portal};
use crate::tls_server::{Authority, Listening, Server};

const URL: &str = "https://portal.agensi.example/scim/v2";

#[tokio::test]
async fn a_proxy_learns_the_portals_host_and_no_more() {
    let authority = Authority::new("CA Contoh");
    let (_portal, address) = portal().await;
    let server = Listening::tls(
        &Server {
            shows: &authority.for_names(&["portal.agensi.example"]),
            asks_for_clients_of: None,
            versions: BOTH,
        },
        address,
    )
    .await;
    for (variable, scheme, login) in [
        ("HTTPS_PROXY", "http://", ""),
        ("https_proxy", "", ""),
        ("ALL_PROXY", "http://", "kerani:kata%20lalu%40%3A@"),
    ] {
        let proxy = Listening::proxy(server.address).await;
        let mut setting = Setting::new(URL);
        setting
            .file("ARKIB_PORTAL_CA", &authority.pem())
            .set(variable, &format!("{scheme}{login}{}", proxy.address));
        assert_eq!(setting.read().await.unwrap(), 1, "{variable}");
        let seen = proxy.seen();
        let head = "CONNECT portal.agensi.example:443 HTTP/1.1\r\n";
        assert!(seen.starts_with(head.as_bytes()), "no tunnel");
        // "kerani:kata lalu@:"
        let has_login = proxy.has_seen("Basic a2VyYW5pOmthdGEgbGFsdUA6\r\n");
        assert_eq!(has_login, !login.is_empty());
        for secret in [TOKEN, "Bearer", "/scim/v2", "siti.aminah"] {
            assert!(!proxy.has_seen(secret), "the proxy saw {secret}");
        }
    }
}

#[tokio::test]
async fn a_proxy_that_speaks_tls_is_verified_too() {
    let authority = Authority::new("CA Contoh");
    let (_portal, address) = portal().await;
    let behind = |identity, address| async move {
        let server = Server {
            shows: &identity,
            asks_for_clients_of: None,
            versions: BOTH,
        };
        Listening::tls(&server, address).await
    };
    let server = behind(authority.for_names(&["portal.agensi.example"]), address).await;
    for (name, works) in [("localhost", true), ("proksi.lain.example", false)] {
        let proxy = Listening::proxy(server.address).await;
        let front = behind(authority.for_names(&[name]), proxy.address).await;
        let mut setting = Setting::new(URL);
        setting.file("ARKIB_PORTAL_CA", &authority.pem()).set(
            "HTTPS_PROXY",
            &format!(
                "https://kerani:katalaluan@localhost:{}",
                front.address.port()
            ),
        );
        if works {
            assert_eq!(setting.read().await.unwrap(), 1);
            assert!(proxy.has_seen("Basic a2VyYW5pOmthdGFsYWx1YW4=\r\n"));
        } else {
            let error = setting.fails().await;
            assert!(
                error
                    .detail
                    .contains("certificate of the proxy is for another host"),
                "{error}"
            );
            assert_eq!(front.seen(), b"", "the login was sent");
        }
    }
}

#[tokio::test]
async fn a_proxy_that_leads_to_another_host_gets_no_token() {
    let authority = Authority::new("CA Contoh");
    let (_portal, address) = portal().await;
    let server = Listening::tls(
        &Server {
            shows: &authority.for_names(&["proksi.agensi.example"]),
            asks_for_clients_of: None,
            versions: BOTH,
        },
        address,
    )
    .await;
    let proxy = Listening::proxy(server.address).await;
    let mut setting = Setting::new(URL);
    setting
        .file("ARKIB_PORTAL_CA", &authority.pem())
        .set("HTTPS_PROXY", &format!("http://{}", proxy.address));
    let error = setting.fails().await;
    assert_eq!(error.kind, ErrorKind::Configuration, "{error}");
    assert_eq!(server.seen(), b"", "something was sent");
}

#[tokio::test]
async fn no_proxy_and_this_machine_are_reached_without_it() {
    let proxy = Listening::answering(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").await;
    let at = format!("http://{}", proxy.address);
    // .invalid is no name of any host (RFC 2606 section 2).
    for exceptions in ["portal.agensi.invalid", "x.example, .invalid", "*"] {
        for name in ["NO_PROXY", "no_proxy"] {
            let mut setting = Setting::new("https://portal.agensi.invalid/scim/v2");
            setting.set("HTTPS_PROXY", &at).set(name, exceptions);
            assert_eq!(setting.fails().await.kind, ErrorKind::Unreachable);
        }
    }
    let (running, _) = portal().await;
    let mut setting = Setting::new(running.url());
    for proxy in [&at, "socks5://127.0.0.1:1"] {
        setting.set("ALL_PROXY", proxy).set("HTTPS_PROXY", proxy);
        assert_eq!(setting.read().await.unwrap(), 1);
    }
    assert_eq!(proxy.seen(), b"", "the proxy was asked");
}

#[tokio::test]
async fn a_proxy_that_does_not_let_through_is_no_answer_of_the_portal() {
    for (answer, kind, says) in [
        (
            &b"HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n"[..],
            ErrorKind::Configuration,
            "the proxy asks for a login",
        ),
        (
            b"HTTP/1.1 502 Bad Gateway\r\n\r\n",
            ErrorKind::Unreachable,
            "gives no way to the portal",
        ),
        (
            b"HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno",
            ErrorKind::Unreachable,
            "gives no way to the portal",
        ),
        (
            b"SSH-2.0-OpenSSH_9.9\r\n",
            ErrorKind::Unreachable,
            "gives no way to the portal",
        ),
    ] {
        let proxy = Listening::answering(answer).await;
        let mut setting = Setting::new(URL);
        setting.set(
            "HTTPS_PROXY",
            &format!("http://kerani:katalaluan@{}", proxy.address),
        );
        let error = setting.fails().await;
        assert_eq!(error.kind, kind, "{error}");
        assert!(error.detail.contains(says), "{error}");
        assert!(!error.may_have_happened());
        assert!(!format!("{error:?}").contains("katalaluan"), "{error:?}");
        assert!(!proxy.has_seen(TOKEN), "the token was sent");
    }
}

#[tokio::test]
async fn a_proxy_that_hangs_or_is_not_there_is_given_up() {
    // It takes connections and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = free.local_addr().unwrap();
    drop(free);
    for (proxy, says) in [
        (silent.local_addr().unwrap(), "no connection within 0.5 s"),
        (nobody, "no connection to the proxy"),
    ] {
        let mut setting = Setting::new(URL);
        setting.set("HTTPS_PROXY", &format!("http://{proxy}"));
        let began = Instant::now();
        let error = setting.fails().await;
        assert_eq!(error.kind, ErrorKind::Unreachable, "{error}");
        assert!(error.detail.contains(says), "{error}");
        assert!(error.help.contains("proxy"), "{}", error.help);
        assert!(began.elapsed() < Duration::from_secs(20));
    }
}

#[test]
fn a_proxy_that_cannot_be_used_is_not_passed_over() {
    for (value, says) in [
        ("socks5://kerani:katalaluan@proxy.example:1080", "SOCKS"),
        ("http://", "cannot be used"),
        ("http://kerani:katalaluan@:3128", "cannot be used"),
        ("http://proxy.example:70000", "cannot be used"),
        ("katalaluan katalaluan", "cannot be used"),
    ] {
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            let mut setting = Setting::new(URL);
            let error = setting.set(name, value).endpoint().expect_err(value);
            assert_eq!(error.kind, ErrorKind::Configuration);
            assert!(
                error.detail.contains(name) && error.detail.contains(says),
                "{error}"
            );
            assert!(!format!("{error:?}").contains("katalaluan"), "{error:?}");
        }
    }
}
