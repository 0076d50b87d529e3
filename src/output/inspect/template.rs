//! A mapping for the policy, to be filled in: what the portal's attributes and words mean, a person
//! says. `arkib check` refuses it as long as a `<…>` is left in it. May not suggest any meaning.

use super::human::schemas;
use crate::domain::inspection::Schema;
use crate::domain::mapping::scim::Attribute;

const HEAD: &str = "\
portal: scim
# Fill in every <…>, and take a line away where the portal has nothing for it.
# The portal's operator knows what a word means. A plain name is an attribute of
# `schema`; one of another schema is written as URN:name. Copy words with their
# quotes. The number behind one is how many users have it (0: none, but the
# portal lists it).
mapping:
";

const PLACES: &str = r"  # Where the address of a mailbox is: userName, emails or another attribute.
  mailbox: <attribute>
  # Whether there is an archive. arkib writes the first word for enabled, and
  # the first for terminated (without one, the first for disabled).
  state:
    attribute: <attribute>
    type: <string, boolean or integer>
    values:
      disabled: [<words for no archive>]
      enabling: [<words for an archive that is being created>]
      enabled: [<words for an archive>]
      terminating: [<words for an archive that is being removed>]
      terminated: [<words for an archive that was removed>]
  # Whether the archive is on legal hold.
  hold:
    attribute: <attribute>
    values:
      held: [<words for on hold>]
      free: [<words for not on hold>]
  # Whether the account is in use. Without it `active` counts.
  account:
    attribute: <attribute>
    values:
      active: [<words for in use>]
      disabled: [<words for switched off>]
      requested_to_delete: [<words for about to be deleted>]
      deleted: [<words for deleted>]
  # Where arkib writes the id of its request.
  request: <attribute>
  # Dates: when the archive was last changed, and until when it can be restored.
  changed_at: <attribute>
  recoverable_until: <attribute>
";

/// The template, with the attributes of users and the words seen in them as comments.
pub fn template(of_users: &[Schema]) -> String {
    let mut text = HEAD.to_owned();
    let mut extensions = of_users.iter().filter(|schema| {
        let attribute = Attribute::parse("any", Some(&schema.id));
        attribute.is_ok_and(|path| path.schema.is_some() && !path.is_of_a_person())
    });
    if let Some(extension) = extensions.next() {
        text.push_str(&format!("  schema: {}\n", extension.id));
    }
    text.push_str(&schemas(of_users, "  # ").concat());
    text.push_str(PLACES);
    text
}
