//! The token: where it goes, and that nothing shows it.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::{all, reader};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::mapping::scim::Mapping;
use crate::environment::CredentialAccess;
use crate::portal::scim::testing::{Fake, Reply, TOKEN, full, list, quick, user};
use crate::portal::scim::{ConnectionConfig, connect, connect_to_write};
use crate::portal::{ErrorKind, PortalReader};

#[tokio::test]
async fn does_not_follow_redirects_with_the_token() {
    let other = Fake::bare(|_| Reply::json(200, &full()));
    let to = format!("http://{}/scim/v2/ServiceProviderConfig?code=kunci", other.address());
    for status in [301, 302, 303, 307, 308] {
        let to = to.clone();
        let fake = Fake::bare(move |_| Reply::status(status).with("location", to.clone()));
        let error =
            connect(&fake.endpoint(), &quick(), &Mapping::default()).await.expect_err("an error");
        assert_eq!(error.kind, ErrorKind::Redirected);
        assert!(error.detail.contains("to 127.0.0.1"), "{error}");
        assert!(!error.detail.contains("kunci"), "{error}");
        assert_eq!(fake.seen()[0].headers["authorization"], format!("Bearer {TOKEN}"));
    }
    assert!(other.seen().is_empty(), "the redirect was followed");
}

#[tokio::test]
async fn never_shows_the_token_or_addresses() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let fake = Fake::new(full(), |_, before| match before {
        0 => Reply::status(503),
        1 => Reply::json(200, &list(3, &[user(1)])),
        _ => Reply::error(400, "invalidValue", &format!("token {TOKEN} of m1 is bad")),
    });
    let endpoint = fake.endpoint();
    let reader = reader(&fake).await;
    let error = reader
        .read_some(&[Mailbox::from_portal("siti.aminah@agensi.example")])
        .await
        .expect_err("an error");
    assert!(error.detail.contains("[token]"), "{error}");
    let writing =
        connect_to_write(&endpoint, &quick(), &Mapping::default()).await.expect("a portal");
    let shown = format!("{endpoint:?} {reader:?} {writing:?} {error:?} {error} {}", log.text());
    assert!(shown.contains("asked again"), "nothing was logged: {shown}");
    assert!(!shown.contains(TOKEN), "{shown}");
    assert!(!shown.contains("siti"), "{shown}");
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn allows_plain_http_on_loopback_only() {
    for url in [
        "http://portal.agensi.example/scim/v2",
        "http://10.0.0.1/scim",
        "http://localhost.agensi.example/",
        "http://127.0.0.1.agensi.example/",
        "http://[::2]/",
        "http://0.0.0.0/",
    ] {
        let error = ConnectionConfig::new(url, TOKEN.into()).expect_err(url);
        assert_eq!(error.kind, ErrorKind::Configuration);
        assert!(error.detail.contains("plain http"), "{error}");
    }
    for url in [
        "http://127.0.0.1:8080/scim/v2",
        "http://127.9.9.9/",
        "http://[::1]:80/",
        "http://localhost:8080/scim/v2/",
        "https://portal.agensi.example/scim/v2",
    ] {
        assert!(ConnectionConfig::new(url, TOKEN.into()).is_ok(), "{url}");
    }
}

#[tokio::test]
async fn refuses_deceptive_addresses_without_quoting_them() {
    for (url, says) in [
        ("https://siti:rahsia@portal.example/", "user name or password"),
        ("https://portal.example/?token=rahsia", "? or #"),
        ("https://portal.example/#rahsia", "? or #"),
        ("ftp://rahsia.example/", "https://"),
        ("rahsia", "not a URL"),
    ] {
        let error = ConnectionConfig::new(url, TOKEN.into()).expect_err(url);
        assert!(error.detail.contains(says), "{error}");
        assert!(!format!("{error:?}").contains("rahsia"), "{error:?}");
    }
    let fake = Fake::new(full(), |_, _| Reply::json(200, &list(0, &[])));
    all(&fake).await.expect("a list");
    assert!(fake.seen().iter().all(|request| request.headers["user-agent"].starts_with("arkib/")));
}

#[test]
fn reads_address_and_token_from_the_environment() {
    let read = |set: &[(&str, &str)]| {
        let set: Vec<(String, String)> =
            set.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        ConnectionConfig::from_environment(
            &move |name| set.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()),
            &CredentialAccess {
                names: Default::default(),
                read_file: Arc::new(|path: &Path| match path.to_str() {
                    Some("/run/token") => Ok(format!("{TOKEN}\n").into()),
                    Some("/run/empty") => Ok("\n".into()),
                    _ => Err(io::ErrorKind::NotFound.into()),
                }),
                hide: Arc::new(|_| {}),
            },
        )
    };
    let url = ("ARKIB_PORTAL_URL", "https://portal.agensi.example:8443/scim/v2");
    assert_eq!(
        read(&[url, ("ARKIB_PORTAL_TOKEN", TOKEN)]).unwrap().host_and_port(),
        "portal.agensi.example:8443"
    );
    assert!(read(&[url, ("ARKIB_PORTAL_TOKEN_FILE", "/run/token")]).is_ok());
    for (set, says) in [
        (&[][..], "ARKIB_PORTAL_URL is not set"),
        (&[("ARKIB_PORTAL_URL", " ")], "ARKIB_PORTAL_URL is empty"),
        (&[url], "neither"),
        (&[url, ("ARKIB_PORTAL_TOKEN", TOKEN), ("ARKIB_PORTAL_TOKEN_FILE", "/run/token")], "both"),
        (&[url, ("ARKIB_PORTAL_TOKEN", "")], "token is empty"),
        (&[url, ("ARKIB_PORTAL_TOKEN_FILE", "/run/empty")], "token is empty"),
        (&[url, ("ARKIB_PORTAL_TOKEN_FILE", "/run/none")], "cannot be read"),
        (&[url, ("ARKIB_PORTAL_TOKEN", "kunci rahsia")], "character"),
        (&[url, ("ARKIB_PORTAL_TOKEN", "kunci\n\n")], "character"),
    ] {
        let error = read(set).expect_err(says);
        assert!(error.detail.contains(says), "{error}");
        assert!(!error.detail.contains("kunci"), "{error}");
    }
}
