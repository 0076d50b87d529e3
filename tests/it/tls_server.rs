//! A TLS server on loopback before a portal, with certificates made for the test, and an HTTP
//! proxy. Both store what they received; their threads end with the test process.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ServerConfig, WebPkiClientVerifier};
use rustls::{RootCertStore, SupportedProtocolVersion};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A certificate authority for servers and clients.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate and its key.
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    pub certificate_pem: String,
    pub key_pem: String,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        Self { issuer }
    }

    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A certificate for these names, valid from one year to another.
    pub fn issue(&self, names: &[&str], from: i32, until: i32) -> Identity {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(until, 1, 1);
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity {
            certificate: certificate.der().clone(),
            certificate_pem: certificate.pem(),
            key: PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            key_pem: key.serialize_pem(),
        }
    }

    pub fn for_names(&self, names: &[&str]) -> Identity {
        self.issue(names, 2020, 2090)
    }
}

/// The certificate that a server shows, and what it asks for.
pub struct Server<'a> {
    pub shows: &'a Identity,
    pub asks_for_clients_of: Option<&'a Authority>,
    pub versions: &'a [&'static SupportedProtocolVersion],
}

impl Server<'_> {
    pub fn config(&self) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(self.versions)
            .unwrap();
        let config = match self.asks_for_clients_of {
            None => config.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                roots.add(authority.issuer.der().clone()).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
                config.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let shown = vec![self.shows.certificate.clone()];
        let mut config = config.with_single_cert(shown, self.shows.key.clone_key()).unwrap();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Arc::new(config)
    }
}

/// A server, and every byte that clients sent (decrypted, if it uses TLS).
pub struct ListeningServer {
    pub address: SocketAddr,
    received: Arc<Mutex<Vec<u8>>>,
}

impl ListeningServer {
    async fn bind() -> (TcpListener, Self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::default();
        (listener, Self { address, received })
    }

    pub fn received(&self) -> Vec<u8> {
        self.received.lock().unwrap().clone()
    }

    pub fn has_received(&self, text: &str) -> bool {
        let text = text.as_bytes();
        self.received().windows(text.len()).any(|part| part == text)
    }

    /// Terminates TLS before a plain server.
    pub async fn tls(server: &Server<'_>, behind: SocketAddr) -> Self {
        let acceptor = tokio_rustls::TlsAcceptor::from(server.config());
        let (listener, this) = Self::bind().await;
        let received = Arc::clone(&this.received);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (acceptor, received) = (acceptor.clone(), Arc::clone(&received));
                tokio::spawn(async move {
                    match acceptor.accept(client).into_fallible().await {
                        Ok(client) => {
                            let portal = TcpStream::connect(behind).await.unwrap();
                            relay(client, portal, &received).await;
                        }
                        Err((_, client)) => drain(client).await,
                    }
                });
            }
        });
        this
    }

    /// Answers every connection with these bytes after the first request.
    pub async fn answering(bytes: &'static [u8]) -> Self {
        let (listener, this) = Self::bind().await;
        let received = Arc::clone(&this.received);
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let mut request = [0; 4096];
                let count = client.read(&mut request).await.unwrap_or_default();
                received.lock().unwrap().extend_from_slice(&request[..count]);
                let _ = client.write_all(bytes).await;
                drain(client).await;
            }
        });
        this
    }

    /// An HTTP proxy that connects to `to` for any requested name.
    pub async fn proxy(to: SocketAddr) -> Self {
        let (listener, this) = Self::bind().await;
        let received = Arc::clone(&this.received);
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let received = Arc::clone(&received);
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        match client.read_u8().await {
                            Ok(byte) => head.push(byte),
                            Err(_) => return,
                        }
                    }
                    received.lock().unwrap().extend_from_slice(&head);
                    let _ = client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").await;
                    let server = TcpStream::connect(to).await.unwrap();
                    relay(client, server, &received).await;
                });
            }
        });
        this
    }
}

/// Reads until the client closes: a client that is still sending must get the answer and no reset.
async fn drain(mut client: TcpStream) {
    let _ = client.shutdown().await;
    let _ = tokio::io::copy(&mut client, &mut tokio::io::sink()).await;
}

/// Forwards bytes, and stores those of the client.
async fn relay(client: impl AsyncRead + AsyncWrite, server: TcpStream, received: &Mutex<Vec<u8>>) {
    let (mut from_client, mut to_client) = tokio::io::split(client);
    let (mut from_server, mut to_server) = server.into_split();
    let there = async {
        let mut buffer = [0; 16 << 10];
        while let Ok(count @ 1..) = from_client.read(&mut buffer).await {
            received.lock().unwrap().extend_from_slice(&buffer[..count]);
            if to_server.write_all(&buffer[..count]).await.is_err() {
                break;
            }
        }
        let _ = to_server.shutdown().await;
    };
    let back = async {
        let _ = tokio::io::copy(&mut from_server, &mut to_client).await;
        let _ = to_client.shutdown().await;
    };
    tokio::join!(there, back);
}
