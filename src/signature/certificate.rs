//! What arkib itself reads of an X.509 certificate (RFC 5280): whose it is and what for. Chains, and the
//! rules for each certificate in them, are webpki's.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::der::{BIT_STRING, Der, DerError, Element, INTEGER, OCTET_STRING, OID, SEQUENCE, SET};
use crate::text::excerpt;

/// Bits of the first byte of a key usage.
pub(super) const SIGNS: u8 = 0x80 | 0x40;
pub(super) const SIGNS_CERTIFICATES: u8 = 0x04;
pub(super) const SIGNS_LISTS: u8 = 0x02;

/// Object identifiers, as in DER: id-ce-subjectKeyIdentifier and others, then attributes of a name.
const KEY_ID: &[u8] = &[0x55, 0x1d, 0x0e];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 0x11];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const EMAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01];
/// The tag of rfc822Name, implicit.
const RFC822_NAME: u8 = 0x81;
const BOOLEAN: u8 = 0x01;

/// A certificate; names and keys are the contents of their sequences.
#[derive(Debug, Default)]
pub(super) struct Certificate<'a> {
    pub serial: &'a [u8],
    pub issuer: &'a [u8],
    pub subject: &'a [u8],
    pub public_key: &'a [u8],
    pub valid_from: Timestamp,
    pub valid_until: Timestamp,
    pub key_id: Option<&'a [u8]>,
    /// The first byte; all uses are in it but one.
    pub key_usage: Option<u8>,
    pub is_authority: bool,
    /// All e-mail addresses, in lower case: of the alternative names and of the subject.
    pub addresses: BTreeSet<String>,
}

impl<'a> Certificate<'a> {
    pub fn read(bytes: &'a [u8]) -> Result<Self, DerError> {
        let mut outer = Der::new(bytes).only(SEQUENCE)?.inner();
        let mut inner = outer.take(SEQUENCE)?.inner();
        // Version 3, which alone has extensions.
        if inner.take(0xa0)?.value != [INTEGER, 1, 2] {
            return Err(DerError);
        }
        let serial = inner.take(INTEGER)?.value;
        inner.take(SEQUENCE)?;
        let issuer = inner.take(SEQUENCE)?.value;
        let mut validity = inner.take(SEQUENCE)?.inner();
        let (valid_from, valid_until) = (validity.time()?, validity.time()?);
        validity.end()?;
        let subject = inner.take(SEQUENCE)?.value;
        let public_key = inner.take(SEQUENCE)?.value;
        let extensions = inner.optional(0xa3)?;
        inner.end()?;
        let mut read = Self {
            serial,
            issuer,
            subject,
            public_key,
            valid_from,
            valid_until,
            ..Self::default()
        };
        for (kind, value) in attributes(subject)? {
            if kind == EMAIL_ADDRESS {
                read.addresses.insert(text(value).ok_or(DerError)?.to_ascii_lowercase());
            }
        }
        if let Some(extensions) = extensions {
            read.add_extensions(extensions.inner().only(SEQUENCE)?.inner())?;
        }
        Ok(read)
    }

    fn add_extensions(&mut self, extensions: Der<'a>) -> Result<(), DerError> {
        let mut known = BTreeSet::new();
        for extension in extensions.all(SEQUENCE)? {
            let mut fields = extension.inner();
            let kind = fields.take(OID)?.value;
            fields.optional(BOOLEAN)?;
            let value = fields.take(OCTET_STRING)?.inner();
            fields.end()?;
            if !known.insert(kind) {
                return Err(DerError);
            }
            match kind {
                KEY_ID => self.key_id = Some(value.only(OCTET_STRING)?.value),
                KEY_USAGE => {
                    let bits = value.only(BIT_STRING)?.value;
                    self.key_usage = Some(bits.get(1).copied().unwrap_or_default());
                }
                BASIC_CONSTRAINTS => {
                    let flag = value.only(SEQUENCE)?.inner().optional(BOOLEAN)?;
                    self.is_authority = flag.is_some_and(|flag| flag.value == [0xff]);
                }
                ALTERNATIVE_NAMES => {
                    let mut names = value.only(SEQUENCE)?.inner();
                    while !names.is_empty() {
                        let name = names.any()?;
                        if name.tag == RFC822_NAME {
                            let address = std::str::from_utf8(name.value).map_err(|_| DerError)?;
                            self.addresses.insert(address.to_ascii_lowercase());
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The kind and the value of each attribute of a name.
fn attributes(name: &[u8]) -> Result<Vec<(&[u8], Element<'_>)>, DerError> {
    let mut attributes = Vec::new();
    for set in Der::new(name).all(SET)? {
        for attribute in set.inner().all(SEQUENCE)? {
            let mut fields = attribute.inner();
            attributes.push((fields.take(OID)?.value, fields.any()?));
            fields.end()?;
        }
    }
    Ok(attributes)
}

/// A text in ASCII or UTF-8.
fn text(value: Element<'_>) -> Option<&str> {
    let is_text = matches!(value.tag, 0x0c | 0x13 | 0x16);
    std::str::from_utf8(value.value).ok().filter(|_| is_text)
}

/// A name for people: its attributes, the most special first.
pub(super) fn name_text(name: &[u8]) -> String {
    let attributes = attributes(name).unwrap_or_default();
    let texts = attributes.iter().rev().filter_map(|(_, value)| text(*value));
    excerpt(&texts.collect::<Vec<_>>().join(", "), 120)
}
