//! A secret in a file is read again: before a request when the last look was some time ago, and when
//! it was refused.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;

use super::World;
use crate::http::Tls;
use crate::portal::scim::ClientLimits;
use crate::portal::scim::credentials::CredentialsProvider;

const FILE: &str = "/tiada/token";

fn token_in_a_file() -> (World, CredentialsProvider) {
    let world = World::new(&[("ARKIB_PORTAL_TOKEN_FILE", FILE)]);
    world.put(FILE, "rahsia-satu\n");
    let credentials = open(&world);
    (world, credentials)
}

fn open(world: &World) -> CredentialsProvider {
    let method = Arc::new(world.method().expect("a way"));
    CredentialsProvider::new(&method, &Tls::default(), &ClientLimits::default())
        .expect("credentials")
}

fn text(header: &HeaderValue) -> &str {
    header.to_str().unwrap()
}

async fn current(credentials: &CredentialsProvider) -> String {
    text(&credentials.current_header().await.expect("a token")).to_owned()
}

#[tokio::test(start_paused = true)]
async fn rereads_a_file_after_a_while() {
    let (world, credentials) = token_in_a_file();
    world.put(FILE, "rahsia-dua\r\n");
    tokio::time::advance(Duration::from_secs(29)).await;
    assert_eq!(current(&credentials).await, "Bearer rahsia-satu");
    assert_eq!(world.reads(), 1);
    tokio::time::advance(Duration::from_secs(2)).await;
    assert_eq!(current(&credentials).await, "Bearer rahsia-dua");
    assert!(world.hides("rahsia-dua") && world.hides("rahsia-satu"));
    for _ in 0..10 {
        current(&credentials).await;
    }
    assert_eq!(world.reads(), 2);
}

#[tokio::test(start_paused = true)]
async fn rereads_a_file_when_its_token_is_refused() {
    let (world, credentials) = token_in_a_file();
    let shown = credentials.current_header().await.unwrap();
    // Nothing new in it.
    assert!(credentials.renewed_header(&shown).await.unwrap().is_none());
    world.put(FILE, "rahsia-dua");
    let new = credentials.renewed_header(&shown).await.unwrap().expect("another");
    assert_eq!(text(&new), "Bearer rahsia-dua");
    // Whoever else was refused with the old one gets the new one, without another look.
    let reads = world.reads();
    let same = credentials.renewed_header(&shown).await.unwrap().expect("another");
    assert_eq!((text(&same), world.reads()), ("Bearer rahsia-dua", reads));
    assert!(credentials.renewed_header(&new).await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn ignores_a_file_being_written() {
    let (world, credentials) = token_in_a_file();
    for half in [&b""[..], b"\n", b"rahsia\nrahsia", b"\xff\xfe", b"rahsia \x00"] {
        world.put(FILE, half);
        tokio::time::advance(Duration::from_secs(31)).await;
        let shown = credentials.current_header().await.unwrap();
        assert_eq!(text(&shown), "Bearer rahsia-satu");
        assert!(credentials.renewed_header(&shown).await.unwrap().is_none());
    }
    world.remove(FILE);
    tokio::time::advance(Duration::from_secs(31)).await;
    assert_eq!(current(&credentials).await, "Bearer rahsia-satu");
    world.put(FILE, "rahsia-tiga");
    tokio::time::advance(Duration::from_secs(31)).await;
    assert_eq!(current(&credentials).await, "Bearer rahsia-tiga");
}

#[tokio::test(start_paused = true)]
async fn a_token_in_the_environment_stays() {
    let world = World::new(&[("ARKIB_PORTAL_TOKEN", "rahsia-satu")]);
    let credentials = open(&world);
    tokio::time::advance(Duration::from_secs(3600)).await;
    let shown = credentials.current_header().await.unwrap();
    assert!(credentials.renewed_header(&shown).await.unwrap().is_none());
    assert_eq!(world.reads(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_password_rotates_as_well() {
    let world =
        World::new(&[("ARKIB_PORTAL_USER", "Aladdin"), ("ARKIB_PORTAL_PASSWORD_FILE", FILE)]);
    world.put(FILE, "open sesame");
    let credentials = open(&world);
    // The pair of RFC 7617 section 2.
    let pair = "QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
    assert_eq!(current(&credentials).await, format!("Basic {pair}"));
    assert!(world.hides(pair) && world.hides("open sesame"));
    world.put(FILE, "tutup bijan\n");
    tokio::time::advance(Duration::from_secs(31)).await;
    assert_ne!(current(&credentials).await, format!("Basic {pair}"));
    assert!(world.hides("tutup bijan"));
}

#[cfg(unix)]
#[tokio::test]
async fn does_not_reopen_a_pipe() {
    use std::process::Command;

    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("token");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let path = pipe.to_str().unwrap();
    let world = World::new(&[("ARKIB_PORTAL_TOKEN_FILE", path)]);
    world.put(path, "rahsia-satu");
    let credentials = open(&world);
    let shown = credentials.current_header().await.unwrap();
    assert!(credentials.renewed_header(&shown).await.unwrap().is_none());
    assert_eq!(world.reads(), 1);
}
