//! Authentication over real TLS on loopback: an unverified portal gets no token.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arkib::devportal;
use arkib::domain::mapping::scim::Mapping;
use arkib::environment::CredentialAccess;
use arkib::portal::scim;
use arkib::portal::scim::{ClientLimits, ConnectionConfig};
use arkib::portal::{ErrorKind, PortalError, PortalReader as _};
use rustls::version::{TLS12, TLS13};

use crate::tls_server::{Authority, Identity, ListeningServer, Server};

/// The token that the portal accepts.
pub const TOKEN: &str = "rahsia-token-ujian-7f3a";

/// Both TLS versions in use.
pub const BOTH: &[&rustls::SupportedProtocolVersion] = &[&TLS13, &TLS12];

/// Limits that make every failure quick.
pub fn quick() -> ClientLimits {
    ClientLimits {
        connect: Duration::from_millis(500),
        read: Duration::from_secs(5),
        request: Duration::from_secs(5),
        attempts: 3,
        first_delay: Duration::from_millis(2),
        longest_delay: Duration::from_millis(5),
        ..ClientLimits::default()
    }
}

/// An environment and the files that it names.
pub struct ConnectionSettings {
    variables: HashMap<String, String>,
    files: HashMap<String, String>,
}

impl ConnectionSettings {
    pub fn new(url: &str) -> Self {
        let mut settings = Self { variables: HashMap::new(), files: HashMap::new() };
        settings.set("ARKIB_PORTAL_URL", url);
        settings.set("ARKIB_PORTAL_TOKEN", TOKEN);
        settings
    }

    pub fn set(&mut self, name: &str, value: &str) -> &mut Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Sets a variable to a file with this in it.
    pub fn file(&mut self, name: &str, text: &str) -> &mut Self {
        self.files.insert(name.to_owned(), text.to_owned());
        self.set(name, name)
    }

    pub fn endpoint(&self) -> Result<ConnectionConfig, PortalError> {
        let files = self.files.clone();
        let outside = CredentialAccess {
            names: Default::default(),
            read_file: Arc::new(move |path| {
                let text = path.to_str().and_then(|path| files.get(path));
                let text = text.ok_or(std::io::ErrorKind::NotFound)?;
                Ok(text.clone().into_bytes())
            }),
            hide: Arc::new(|_| {}),
        };
        ConnectionConfig::from_environment(&|name| self.variables.get(name).cloned(), &outside)
    }

    /// Connects and reads the list; returns the number of mailboxes.
    pub async fn read(&self) -> Result<usize, PortalError> {
        let reader = scim::connect(&self.endpoint()?, &quick(), &Mapping::default()).await?;
        let observed = reader.read_all(&Default::default(), &|_, _| {}).await?;
        Ok(observed.mailboxes().len())
    }

    /// Like [`ConnectionSettings::read`], which must fail.
    pub async fn read_error(&self) -> PortalError {
        let error = self.read().await.expect_err("an error");
        let shown = format!("{error:?} {error}");
        assert!(!shown.contains(TOKEN), "{shown}");
        error
    }
}

/// A portal without TLS, with one mailbox.
pub async fn portal() -> (devportal::RunningPortal, SocketAddr) {
    let mut options = devportal::Options::new(TOKEN.into());
    let roster = "mailbox,state\nsiti.aminah@agensi.example,disabled\n";
    options.roster = Some(devportal::Roster::read(roster.as_bytes(), "portal.csv").unwrap());
    let running = devportal::start(options).await.unwrap();
    let address = running.url().trim_start_matches("http://");
    let address = address.trim_end_matches("/scim/v2").parse().unwrap();
    (running, address)
}

/// A portal over TLS, as `localhost`, and how to reach it.
struct TlsPortal {
    _portal: devportal::RunningPortal,
    listening: ListeningServer,
}

impl TlsPortal {
    async fn new(server: &Server<'_>) -> Self {
        let (portal, address) = portal().await;
        let listening = ListeningServer::tls(server, address).await;
        Self { _portal: portal, listening }
    }

    async fn showing(identity: &Identity) -> Self {
        Self::new(&Server { shows: identity, asks_for_clients_of: None, versions: BOTH }).await
    }

    fn settings(&self) -> ConnectionSettings {
        let port = self.listening.address.port();
        ConnectionSettings::new(&format!("https://localhost:{port}/scim/v2"))
    }

    /// Checks that the portal's certificate is refused and the token was not sent.
    async fn assert_refused(&self, authority: Option<&Authority>, says: &str) {
        let mut settings = self.settings();
        if let Some(authority) = authority {
            settings.file("ARKIB_PORTAL_CA", &authority.pem());
        }
        let error = settings.read_error().await;
        assert_eq!(error.kind, ErrorKind::Configuration, "{error}");
        assert!(error.detail.in_english().contains(says), "{error}");
        assert!(!error.detail.in_english().contains("tried"), "{error}");
        assert_eq!(self.listening.received(), b"", "something was sent");
    }
}

#[tokio::test]
async fn a_private_authority_verifies_the_portal() {
    let authority = Authority::new("CA Contoh");
    let identity = authority.for_names(&["localhost"]);
    for versions in [BOTH, &[&TLS12], &[&TLS13]] {
        let rig =
            TlsPortal::new(&Server { shows: &identity, asks_for_clients_of: None, versions }).await;
        let mut settings = rig.settings();
        let both = format!("{}{}", Authority::new("CA Lain").pem(), authority.pem());
        settings.file("ARKIB_PORTAL_CA", &both);
        assert_eq!(settings.read().await.unwrap(), 1);
        assert!(!rig.listening.received().is_empty());
    }
}

#[tokio::test]
async fn an_untrusted_portal_gets_no_token() {
    let rig = TlsPortal::showing(&Authority::new("CA Contoh").for_names(&["localhost"])).await;
    // Loopback is not trusted: the system's authorities do not include this one.
    rig.assert_refused(None, "unknown issuer").await;
    // Nor is an authority of the same name.
    rig.assert_refused(Some(&Authority::new("CA Contoh")), "certificate").await;
}

#[tokio::test]
async fn a_certificate_for_another_host_gets_no_token() {
    let authority = Authority::new("CA Contoh");
    let rig = TlsPortal::showing(&authority.for_names(&["portal.lain.example", "127.0.0.1"])).await;
    rig.assert_refused(Some(&authority), "localhost").await;
}

#[tokio::test]
async fn an_expired_or_future_certificate_gets_no_token() {
    let authority = Authority::new("CA Contoh");
    for (from, until, says) in [
        (2001, 2002, "expired on 2002-01-01"),
        (2080, 2090, "is not valid yet; it becomes valid on 2080-01-01"),
    ] {
        let rig = TlsPortal::showing(&authority.issue(&["localhost"], from, until)).await;
        rig.assert_refused(Some(&authority), says).await;
    }
}

#[tokio::test]
async fn client_certificates_are_supported() {
    let authority = Authority::new("CA Contoh");
    let (server, client) =
        (authority.for_names(&["localhost"]), authority.for_names(&["arkib.agensi.example"]));
    let stranger = Authority::new("CA Lain").for_names(&["arkib.agensi.example"]);
    for versions in [&[&TLS13][..], &[&TLS12]] {
        let rig = TlsPortal::new(&Server {
            shows: &server,
            asks_for_clients_of: Some(&authority),
            versions,
        })
        .await;
        let mut settings = rig.settings();
        settings.file("ARKIB_PORTAL_CA", &authority.pem());
        let absent = settings.read_error().await;
        settings
            .file("ARKIB_PORTAL_CERT", &stranger.certificate_pem)
            .file("ARKIB_PORTAL_KEY", &stranger.key_pem);
        let unknown = settings.read_error().await;
        for (error, says) in [
            (absent, "requires a client certificate, and arkib sent none"),
            (unknown, "not accept arkib's client certificate"),
        ] {
            assert_eq!(error.kind, ErrorKind::Configuration, "{error}");
            assert!(error.detail.in_english().contains(says), "{error}");
        }
        assert_eq!(rig.listening.received(), b"", "something was taken");
        settings
            .file("ARKIB_PORTAL_CERT", &client.certificate_pem)
            .file("ARKIB_PORTAL_KEY", &client.key_pem);
        assert_eq!(settings.read().await.unwrap(), 1);
        // Both in one file, named once or twice.
        let both = format!("{}{}", client.key_pem, client.certificate_pem);
        let mut settings = rig.settings();
        settings.file("ARKIB_PORTAL_CA", &authority.pem()).file("ARKIB_PORTAL_CERT", &both);
        assert_eq!(settings.read().await.unwrap(), 1);
        settings.file("ARKIB_PORTAL_KEY", &both);
        assert_eq!(settings.read().await.unwrap(), 1);
    }
}

/// A server that chooses TLS 1.1 (RFC 4346 section 7.4.1.3), for any offer.
const TLS_1_1: &[u8] = b"\x16\x03\x02\x00\x2a\x02\x00\x00\x26\x03\x02\
    0123456789abcdef0123456789abcdef\x00\xc0\x13\x00";

#[tokio::test]
async fn tls_below_1_2_is_refused() {
    for (answer, says) in [
        (TLS_1_1, "supports no version of TLS that arkib accepts"),
        // An alert: protocol_version, as old servers send it.
        (b"\x15\x03\x01\x00\x02\x02\x46", "supports no version of TLS that arkib accepts"),
        (b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n", "does not speak TLS"),
    ] {
        let listening = ListeningServer::answering(answer).await;
        let port = listening.address.port();
        let settings = ConnectionSettings::new(&format!("https://localhost:{port}/scim/v2"));
        let error = settings.read_error().await;
        assert_eq!(error.kind, ErrorKind::Configuration, "{error}");
        assert!(error.detail.in_english().contains(says), "{error}");
        assert!(!listening.has_received(TOKEN), "the token was sent");
        assert!(!listening.has_received("GET "), "something was sent in the clear");
    }
}

#[test]
fn verification_cannot_be_disabled() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    crate::architecture::files_below(&root.join("src"), "rs", &mut files);
    assert!(files.len() > 100, "only {}", files.len());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        // The functions of the HTTP and TLS libraries for this have one of these names.
        for name in ["danger_", "dangerous()", "::danger"] {
            assert!(!text.contains(name), "{}: {name}", file.display());
        }
    }
}

#[test]
fn unusable_certificate_files_are_reported() {
    let authority = Authority::new("CA Contoh");
    let (one, other) = (authority.for_names(&["a.example"]), authority.for_names(&["b.example"]));
    let der = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
    let cut = &one.certificate_pem[..200];
    let locked =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\naGVsbG8=\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let old_locked = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\naGVsbG8=\n-----END RSA PRIVATE KEY-----\n";
    let odd_key = "-----BEGIN PRIVATE KEY-----\naGVsbG8=\n-----END PRIVATE KEY-----\n";
    let request =
        "-----BEGIN CERTIFICATE REQUEST-----\naGVsbG8=\n-----END CERTIFICATE REQUEST-----\n";
    let (ca, cert, key) = ("ARKIB_PORTAL_CA", "ARKIB_PORTAL_CERT", "ARKIB_PORTAL_KEY");
    let (certificate, both) =
        (one.certificate_pem.as_str(), format!("{}{}", one.certificate_pem, one.key_pem));
    let second = format!("{certificate}{der}");
    let with_request = format!("{both}{request}");
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[(ca, "hello")], "ARKIB_PORTAL_CA names holds no certificate"),
        (&[(ca, &one.key_pem)], "ARKIB_PORTAL_CA names holds no certificate"),
        (&[(ca, cut)], "ARKIB_PORTAL_CA names is not PEM: a section has no end"),
        (&[(ca, &second)], "certificate 2 in the file that ARKIB_PORTAL_CA"),
        (&[(key, &one.key_pem)], "ARKIB_PORTAL_KEY is set, but ARKIB_PORTAL_CERT is not"),
        (&[(cert, certificate)], "ARKIB_PORTAL_CERT names holds no private key"),
        (&[(cert, certificate), (key, certificate)], "ARKIB_PORTAL_KEY names holds no private key"),
        (&[(cert, certificate), (key, "hello")], "ARKIB_PORTAL_KEY names holds no private key"),
        (&[(cert, &one.key_pem)], "ARKIB_PORTAL_CERT names holds no certificate"),
        (&[(cert, certificate), (key, &other.key_pem)], "key in ARKIB_PORTAL_KEY does not belong"),
        (&[(cert, &both), (key, &other.key_pem)], "several private keys"),
        (&[(cert, certificate), (key, locked)], "passphrase"),
        (&[(cert, certificate), (key, old_locked)], "passphrase"),
        (&[(cert, certificate), (key, odd_key)], "cannot be used"),
        (&[(cert, &with_request)], "more than certificates and a key"),
    ];
    for (files, says) in cases {
        let mut settings = ConnectionSettings::new("https://portal.agensi.example/scim/v2");
        for (name, text) in *files {
            settings.file(name, text);
        }
        let error = settings.endpoint().expect_err(says);
        assert_eq!(error.kind, ErrorKind::Configuration);
        assert!(error.detail.in_english().contains(says), "{error}");
        assert!(!error.help.is_empty());
    }
    for name in [ca, cert, key] {
        let mut settings = ConnectionSettings::new("https://portal.agensi.example/scim/v2");
        let empty = settings.set(name, " ").endpoint().expect_err("empty");
        assert!(empty.detail.in_english().contains(&format!("{name} is empty")), "{empty}");
        let none = settings.set(name, "/tiada").endpoint().expect_err("none");
        assert!(
            none.detail.in_english().contains(&format!("{name} names cannot be read")),
            "{none}"
        );
    }
    // Unused certificate files are a mistake and are not ignored.
    let mut settings = ConnectionSettings::new("http://127.0.0.1:8080/scim/v2");
    let error = settings.file(ca, &authority.pem()).endpoint().expect_err("http");
    assert!(error.detail.in_english().contains("plain http"), "{error}");
    let mut settings = ConnectionSettings::new("https://portal.agensi.example/scim/v2");
    let shown = format!("{:?}", settings.file(cert, &both).endpoint().unwrap());
    assert!(!shown.contains("PRIVATE"), "{shown}");
}
