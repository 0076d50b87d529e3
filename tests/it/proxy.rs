//! Connections through a proxy: it is asked for a tunnel to the portal's host, and sees nothing
//! else.

use std::time::{Duration, Instant};

use arkib::portal::ErrorKind;

use crate::tls::{BOTH, ConnectionSettings, TOKEN, portal};
use crate::tls_server::{Authority, ListeningServer, Server};

const URL: &str = "https://portal.agensi.example/scim/v2";

#[tokio::test]
async fn a_proxy_learns_only_the_portals_host() {
    let authority = Authority::new("CA Contoh");
    let (_portal, address) = portal().await;
    let server = ListeningServer::tls(
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
        let proxy = ListeningServer::proxy(server.address).await;
        let mut settings = ConnectionSettings::new(URL);
        settings
            .file("ARKIB_PORTAL_CA", &authority.pem())
            .set(variable, &format!("{scheme}{login}{}", proxy.address));
        assert_eq!(settings.read().await.unwrap(), 1, "{variable}");
        let received = proxy.received();
        let head = "CONNECT portal.agensi.example:443 HTTP/1.1\r\n";
        assert!(received.starts_with(head.as_bytes()), "no tunnel");
        // "kerani:kata lalu@:"
        let has_login = proxy.has_received("Basic a2VyYW5pOmthdGEgbGFsdUA6\r\n");
        assert_eq!(has_login, !login.is_empty());
        for secret in [TOKEN, "Bearer", "/scim/v2", "siti.aminah"] {
            assert!(!proxy.has_received(secret), "the proxy saw {secret}");
        }
    }
}

#[tokio::test]
async fn a_tls_proxy_is_verified() {
    let authority = Authority::new("CA Contoh");
    let (_portal, address) = portal().await;
    let behind = |identity, address| async move {
        let server = Server { shows: &identity, asks_for_clients_of: None, versions: BOTH };
        ListeningServer::tls(&server, address).await
    };
    let server = behind(authority.for_names(&["portal.agensi.example"]), address).await;
    for (name, works) in [("localhost", true), ("proksi.lain.example", false)] {
        let proxy = ListeningServer::proxy(server.address).await;
        let front = behind(authority.for_names(&[name]), proxy.address).await;
        let mut settings = ConnectionSettings::new(URL);
        settings.file("ARKIB_PORTAL_CA", &authority.pem()).set(
            "HTTPS_PROXY",
            &format!("https://kerani:katalaluan@localhost:{}", front.address.port()),
        );
        if works {
            assert_eq!(settings.read().await.unwrap(), 1);
            assert!(proxy.has_received("Basic a2VyYW5pOmthdGFsYWx1YW4=\r\n"));
        } else {
            let error = settings.read_error().await;
            assert!(
                error.detail.in_english().contains("certificate of the proxy is for another host"),
                "{error}"
            );
            assert_eq!(front.received(), b"", "the login was sent");
        }
    }
}

#[tokio::test]
async fn a_proxy_to_another_host_gets_no_token() {
    let authority = Authority::new("CA Contoh");
    let (_portal, address) = portal().await;
    let server = ListeningServer::tls(
        &Server {
            shows: &authority.for_names(&["proksi.agensi.example"]),
            asks_for_clients_of: None,
            versions: BOTH,
        },
        address,
    )
    .await;
    let proxy = ListeningServer::proxy(server.address).await;
    let mut settings = ConnectionSettings::new(URL);
    settings
        .file("ARKIB_PORTAL_CA", &authority.pem())
        .set("HTTPS_PROXY", &format!("http://{}", proxy.address));
    let error = settings.read_error().await;
    assert_eq!(error.kind, ErrorKind::Configuration, "{error}");
    assert_eq!(server.received(), b"", "something was sent");
}

#[tokio::test]
async fn no_proxy_and_loopback_bypass_the_proxy() {
    let proxy = ListeningServer::answering(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").await;
    let at = format!("http://{}", proxy.address);
    // .invalid is never a host name (RFC 2606 section 2).
    for exceptions in ["portal.agensi.invalid", "x.example, .invalid", "*"] {
        for name in ["NO_PROXY", "no_proxy"] {
            let mut settings = ConnectionSettings::new("https://portal.agensi.invalid/scim/v2");
            settings.set("HTTPS_PROXY", &at).set(name, exceptions);
            assert_eq!(settings.read_error().await.kind, ErrorKind::Unreachable);
        }
    }
    let (running, _) = portal().await;
    let mut settings = ConnectionSettings::new(running.url());
    for proxy in [&at, "socks5://127.0.0.1:1"] {
        settings.set("ALL_PROXY", proxy).set("HTTPS_PROXY", proxy);
        assert_eq!(settings.read().await.unwrap(), 1);
    }
    assert_eq!(proxy.received(), b"", "the proxy was asked");
}

#[tokio::test]
async fn a_proxy_refusal_is_not_a_portal_answer() {
    for (answer, kind, says) in [
        (
            &b"HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n"[..],
            ErrorKind::Configuration,
            "the proxy requires a login",
        ),
        (
            b"HTTP/1.1 502 Bad Gateway\r\n\r\n",
            ErrorKind::Unreachable,
            "the proxy does not connect to the portal",
        ),
        (
            b"HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno",
            ErrorKind::Unreachable,
            "the proxy does not connect to the portal",
        ),
        (
            b"SSH-2.0-OpenSSH_9.9\r\n",
            ErrorKind::Unreachable,
            "the proxy does not connect to the portal",
        ),
    ] {
        let proxy = ListeningServer::answering(answer).await;
        let mut settings = ConnectionSettings::new(URL);
        settings.set("HTTPS_PROXY", &format!("http://kerani:katalaluan@{}", proxy.address));
        let error = settings.read_error().await;
        assert_eq!(error.kind, kind, "{error}");
        assert!(error.detail.in_english().contains(says), "{error}");
        assert!(!error.may_have_happened());
        assert!(!format!("{error:?}").contains("katalaluan"), "{error:?}");
        assert!(!proxy.has_received(TOKEN), "the token was sent");
    }
}

#[tokio::test]
async fn an_unavailable_proxy_times_out() {
    // It accepts connections and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    for (proxy, says) in [
        (silent.local_addr().unwrap(), "no connection within 0.5 s"),
        // Nothing listens there.
        (([127, 0, 0, 1], 1).into(), "no connection to the proxy"),
    ] {
        let mut settings = ConnectionSettings::new(URL);
        settings.set("HTTPS_PROXY", &format!("http://{proxy}"));
        let began = Instant::now();
        let error = settings.read_error().await;
        assert_eq!(error.kind, ErrorKind::Unreachable, "{error}");
        assert!(error.detail.in_english().contains(says), "{error}");
        assert!(error.help.in_english().contains("proxy"), "{}", error.help.in_english());
        assert!(began.elapsed() < Duration::from_secs(20));
    }
}

#[test]
fn an_unusable_proxy_setting_is_refused() {
    for (value, says) in [
        ("socks5://kerani:katalaluan@proxy.example:1080", "SOCKS"),
        ("http://", "cannot be used"),
        ("http://kerani:katalaluan@:3128", "cannot be used"),
        ("http://proxy.example:70000", "cannot be used"),
        ("katalaluan katalaluan", "cannot be used"),
    ] {
        for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            let mut settings = ConnectionSettings::new(URL);
            let error = settings.set(name, value).endpoint().expect_err(value);
            assert_eq!(error.kind, ErrorKind::Configuration);
            assert!(
                error.detail.in_english().contains(name)
                    && error.detail.in_english().contains(says),
                "{error}"
            );
            assert!(!format!("{error:?}").contains("katalaluan"), "{error:?}");
        }
    }
}
