//! The attributes of a user and of arkib's extension (RFC 7643 sections 2.2, 4.1 and 8.7.1), as data.
//! Pure; may not know documents or the store.

/// Data type of an attribute (RFC 7643 section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    String,
    Boolean,
    DateTime,
    Reference,
    Binary,
    Complex,
}

/// RFC 7643 section 7, `mutability`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mutability {
    ReadWrite,
    ReadOnly,
    WriteOnly,
}

/// RFC 7643 section 7, `returned`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Returned {
    Always,
    Default,
    Never,
}

/// One attribute with its characteristics (RFC 7643 section 2.2).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attribute {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) kind: Kind,
    pub(crate) multi: bool,
    pub(crate) required: bool,
    pub(crate) case_exact: bool,
    pub(crate) mutability: Mutability,
    pub(crate) returned: Returned,
    pub(crate) unique: bool,
    pub(crate) canonical: &'static [&'static str],
    pub(crate) references: &'static [&'static str],
    pub(crate) sub: &'static [Attribute],
}

impl PartialEq for Attribute {
    /// Attributes are data of this file; the address tells them apart where two share a name.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.description == other.description
    }
}

const fn attribute(kind: Kind, name: &'static str, description: &'static str) -> Attribute {
    Attribute {
        name,
        description,
        kind,
        multi: false,
        required: false,
        case_exact: false,
        mutability: Mutability::ReadWrite,
        returned: Returned::Default,
        unique: false,
        canonical: &[],
        references: &[],
        sub: &[],
    }
}

const fn string(name: &'static str, description: &'static str) -> Attribute {
    attribute(Kind::String, name, description)
}

const fn boolean(name: &'static str, description: &'static str) -> Attribute {
    attribute(Kind::Boolean, name, description)
}

const fn time(name: &'static str, description: &'static str) -> Attribute {
    attribute(Kind::DateTime, name, description)
}

const fn reference(
    name: &'static str,
    description: &'static str,
    to: &'static [&'static str],
) -> Attribute {
    Attribute {
        references: to,
        case_exact: true,
        ..attribute(Kind::Reference, name, description)
    }
}

const fn complex(
    name: &'static str,
    description: &'static str,
    sub: &'static [Attribute],
) -> Attribute {
    Attribute {
        sub,
        ..attribute(Kind::Complex, name, description)
    }
}

impl Attribute {
    const fn multi(mut self) -> Self {
        self.multi = true;
        self
    }
    const fn required(mut self) -> Self {
        self.required = true;
        self
    }
    const fn exact(mut self) -> Self {
        self.case_exact = true;
        self
    }
    const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }
    const fn read_only(mut self) -> Self {
        self.mutability = Mutability::ReadOnly;
        self
    }
    const fn always(mut self) -> Self {
        self.returned = Returned::Always;
        self
    }
    const fn secret(mut self) -> Self {
        self.mutability = Mutability::WriteOnly;
        self.returned = Returned::Never;
        self
    }
    const fn canonical(mut self, values: &'static [&'static str]) -> Self {
        self.canonical = values;
        self
    }

    /// The sub-attribute of that name, in any case.
    pub(crate) fn sub(&self, name: &str) -> Option<&'static Attribute> {
        find(self.sub, name)
    }
}

/// The attribute of that name: names are case-insensitive (RFC 7643 section 2.1).
pub(crate) fn find(attributes: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    attributes
        .iter()
        .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

const DISPLAY: Attribute = string("display", "A name for display.");
const PRIMARY: Attribute = boolean(
    "primary",
    "Whether this value is the preferred one; at most one is.",
);
const VALUE: Attribute = string("value", "The value.");
const TYPE: Attribute = string("type", "What the value is for.");
const WORK_HOME: Attribute = TYPE.canonical(&["work", "home", "other"]);

/// Attributes of every resource (RFC 7643 section 3.1); no schema lists them.
pub(crate) const COMMON: &[Attribute] = &[
    reference("schemas", "The schemas of the resource.", &["uri"])
        .multi()
        .always()
        .read_only(),
    string("id", "The portal's key of the resource.")
        .exact()
        .always()
        .read_only(),
    string("externalId", "The client's key of the resource.").exact(),
    complex(
        "meta",
        "Metadata of the resource.",
        &[
            string("resourceType", "The resource's type.").exact(),
            time("created", "When it was created."),
            time("lastModified", "When it was last changed."),
            reference("location", "Its address.", &["uri"]),
            string("version", "Its version.").exact(),
        ],
    )
    .read_only(),
];

/// Attributes of the core schema (RFC 7643 section 4.1).
pub(crate) const USER: &[Attribute] = &[
    string(
        "userName",
        "The address of the mailbox; unique, in any case.",
    )
    .required()
    .unique(),
    complex(
        "name",
        "The parts of the user's name.",
        &[
            string("formatted", "The full name."),
            string("familyName", "The family name."),
            string("givenName", "The given name."),
            string("middleName", "The middle name."),
            string("honorificPrefix", "The title before the name."),
            string("honorificSuffix", "The suffix after the name."),
        ],
    ),
    string("displayName", "The name for display."),
    string("nickName", "The casual name."),
    reference("profileUrl", "The user's online profile.", &["external"]),
    string("title", "The user's position."),
    string("userType", "The relation to the organisation."),
    string(
        "preferredLanguage",
        "The preferred languages (RFC 7231 section 5.3.5).",
    ),
    string("locale", "The locale for dates and numbers (RFC 5646)."),
    string(
        "timezone",
        "The time zone, by its name in the zone database.",
    ),
    boolean(
        "active",
        "Whether the account is in use; follows the extension's account.",
    ),
    string(
        "password",
        "Taken and forgotten: nobody signs in to this portal.",
    )
    .secret(),
    complex(
        "emails",
        "E-mail addresses.",
        &[VALUE, DISPLAY, WORK_HOME, PRIMARY],
    )
    .multi(),
    complex(
        "phoneNumbers",
        "Telephone numbers.",
        &[
            VALUE,
            DISPLAY,
            TYPE.canonical(&["work", "home", "mobile", "fax", "pager", "other"]),
            PRIMARY,
        ],
    )
    .multi(),
    complex(
        "ims",
        "Addresses for instant messages.",
        &[
            VALUE,
            DISPLAY,
            TYPE.canonical(&["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]),
            PRIMARY,
        ],
    )
    .multi(),
    complex(
        "photos",
        "Pictures of the user.",
        &[
            reference("value", "Where the picture is.", &["external"]),
            DISPLAY,
            TYPE.canonical(&["photo", "thumbnail"]),
            PRIMARY,
        ],
    )
    .multi(),
    complex(
        "addresses",
        "Postal addresses.",
        &[
            string("formatted", "The full address."),
            string("streetAddress", "Street and number."),
            string("locality", "The city."),
            string("region", "The state."),
            string("postalCode", "The post code."),
            string("country", "The country (ISO 3166-1 alpha-2)."),
            WORK_HOME,
            PRIMARY,
        ],
    )
    .multi(),
    complex(
        "groups",
        "Groups of the user.",
        &[
            string("value", "The group's id.").read_only(),
            reference("$ref", "The group's address.", &["User", "Group"]).read_only(),
            string("display", "The group's name.").read_only(),
            string("type", "Direct or indirect.")
                .canonical(&["direct", "indirect"])
                .read_only(),
        ],
    )
    .multi()
    .read_only(),
    complex(
        "entitlements",
        "Things the user has.",
        &[VALUE, DISPLAY, TYPE, PRIMARY],
    )
    .multi(),
    complex(
        "roles",
        "What the user is.",
        &[VALUE, DISPLAY, TYPE, PRIMARY],
    )
    .multi(),
    complex(
        "x509Certificates",
        "Certificates of the user.",
        &[
            Attribute {
                case_exact: true,
                ..attribute(Kind::Binary, "value", "A DER certificate in base64.")
            },
            DISPLAY,
            TYPE,
            PRIMARY,
        ],
    )
    .multi(),
];

/// Attributes of arkib's extension.
pub(crate) const MAILBOX: &[Attribute] = &[
    // `canonicalValues` are suggestions (RFC 7643 section 7). Only `enabled` may be asked of a
    // mailbox whatever became of it before, so a client that picks one blindly does no harm.
    string(
        "state",
        "The archive: disabled, enabling, enabled, terminating or terminated. A client writes enabled or terminated; disabled only where there is no archive. Absent on creation, it is disabled.",
    )
    .required()
    .canonical(&["enabled"]),
    string("request", "The id of the request that last changed it.").exact(),
    time("changedAt", "When the state last changed.").read_only(),
    time(
        "recoverableUntil",
        "After this a terminated archive is gone for good.",
    )
    .read_only(),
    boolean("hold", "Legal hold: the archive must not be terminated."),
    string("account", "The account: active, disabled, requested-to-delete or deleted.")
        .canonical(&["active", "disabled", "requested-to-delete", "deleted"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case_and_only_whole() {
        assert_eq!(find(USER, "USERNAME").map(|a| a.name), Some("userName"));
        assert_eq!(find(USER, "user"), None);
        let emails = find(USER, "emails").expect("emails");
        assert_eq!(emails.sub("Value").map(|a| a.name), Some("value"));
    }
}
