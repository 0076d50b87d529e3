//! Damaged signatures: in every byte of every fixture a bit flipped, and every one cut at every place. Nothing
//! damaged is accepted, and nothing panics.

use rayon::prelude::*;

use super::super::{SignerKeys, cms, pem, ssh};
use super::{AT, all_keys, fixture, keys};
use crate::domain::policy::signer_files::{AUTHORITIES, REVOCATIONS};
use crate::signature::{Authority, RevocationList};

const SSH: [&str; 8] =
    ["ed25519", "ecdsa256", "ecdsa384", "rsa3072", "agent", "sk-ed25519", "sk-ecdsa", "sha256"];
const CMS: [&str; 9] =
    ["rsa", "rsa512", "pss", "ecdsa", "ecdsa384", "middle", "key_id", "gpgsm", "token"];

/// The bytes with one bit flipped, in each byte another one.
fn damaged(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    damaged[at] ^= 1 << (at % 8);
    damaged
}

/// Damages a signature in every byte; returns those that may be damaged without another answer.
fn survivors(name: &str, keys: &SignerKeys) -> Vec<usize> {
    let (text, statement) = (fixture(name), fixture("statement.txt"));
    let (blocks, _) = pem::read(&text);
    let (label, bytes) = (blocks[0].label, &blocks[0].bytes);
    let at = AT.parse().unwrap();
    let verify = |bytes: &[u8]| match label {
        "SSH SIGNATURE" => ssh::verify(bytes, statement.as_bytes(), &keys.ssh, at),
        _ => cms::verify(bytes, statement.as_bytes(), keys, at),
    };
    let good = verify(bytes).unwrap();
    for end in 0..bytes.len() {
        assert!(verify(&bytes[..end]).is_err(), "{name}: cut at {end}");
    }
    assert!(verify(&[bytes, &[0][..]].concat()).is_err(), "{name}: longer");
    let survives = |at: &usize| {
        // Who it is, is never another.
        verify(&damaged(bytes, *at)).is_ok_and(|signer| {
            assert_eq!(signer, good, "{name}: byte {at}");
            true
        })
    };
    (0..bytes.len()).into_par_iter().filter(survives).collect()
}

#[test]
fn every_byte_of_a_signature_by_ssh_counts() {
    let keys = all_keys();
    for name in SSH {
        assert_eq!(survivors(&format!("ssh/{name}.sig"), &keys), [0_usize; 0], "{name}");
    }
}

/// What may be damaged is outside of what is signed: the certificate of the authority, which the agency has
/// anyway.
#[test]
fn every_byte_of_a_signature_with_a_certificate_counts() {
    let keys = all_keys();
    let roots = fixture("authorities.pem");
    let (roots, _) = pem::read(&roots);
    for name in CMS {
        let text = fixture(&format!("cms/{name}.pem"));
        let (blocks, _) = pem::read(&text);
        let bytes = &blocks[0].bytes;
        let of_roots: Vec<_> = roots
            .iter()
            .filter_map(|root| {
                let mut windows = bytes.windows(root.bytes.len());
                let from = windows.position(|window| window == root.bytes)?;
                Some(from..from + root.bytes.len())
            })
            .collect();
        let mut outside = survivors(&format!("cms/{name}.pem"), &keys);
        outside.retain(|at| !of_roots.iter().any(|root| root.contains(at)));
        assert_eq!(outside, [0_usize; 0], "{name}");
    }
}

/// Damaged authorities and lists do not panic, and a damaged list never counts.
#[test]
fn damaged_authorities_and_lists_are_refused() {
    let authorities = keys(&[AUTHORITIES]).authorities;
    let (roots, lists) = (fixture(AUTHORITIES), fixture(REVOCATIONS));
    for block in pem::read(&roots).0 {
        (0..block.bytes.len()).into_par_iter().for_each(|at| {
            let _ = Authority::read(&damaged(&block.bytes, at));
            assert!(Authority::read(&block.bytes[..at]).is_err(), "cut at {at}");
        });
    }
    for block in pem::read(&lists).0 {
        let read = |bytes: &[u8]| RevocationList::read(bytes, &authorities);
        (0..block.bytes.len()).into_par_iter().for_each(|at| {
            assert!(read(&damaged(&block.bytes, at)).is_err(), "byte {at}");
            assert!(read(&block.bytes[..at]).is_err(), "cut at {at}");
        });
    }
}
