# arkib portal: inspection, the development portal, and the embedded one.

portal-supports = supports
portal-login = login by
portal-login-not-stated = not stated
portal-has = has
portal-type-at = { $name } at { $at }
portal-users = users
portal-users-read = { $users }, all read
portal-host-unknown = (not known)
portal-no-config = not stated (no ServiceProviderConfig); arkib uses only what every SCIM server must support
portal-lacks = no { $name }
portal-bulk = bulk of { $count ->
    [one] { $count } change
   *[other] { $count } changes
  } or { $bytes } bytes
portal-pages = pages by { $method }
portal-pages-of = pages by { $method } of { $most } at most
portal-schema = Schema { $id }
portal-more-schemas = And { $more } more schemas
portal-list-of = { $kind } list
portal-nobody = nobody
portal-user-count = { $count ->
    [one] { $count } user
   *[other] { $count } users
  }
portal-more-attributes = and { $more } more (--format json shows all)
portal-more-unused = and { $more } more that no user has (--format json shows all)
portal-lists = lists
portal-dates = dates
portal-addresses = addresses
portal-not-shown = { $others } not shown
portal-values = { $count ->
    [one] { $count } value
   *[other] { $count } different values
  }
portal-more-values = more than { $count } different values
portal-address-count = { $count ->
    [one] { $count } address
   *[other] { $count } addresses
  }
portal-without-address = { $count } without an address
portal-by-mapping = By the mapping of { $agency }:
portal-by-extension = By arkib's own extension:
portal-problems = What does not fit
portal-warnings = What to look at
portal-fill-in = Fill in this text and paste it into agency.yaml, in place of the line `portal: …`:
portal-broken-policy = { $file } has findings, so its mapping was not used; `arkib check` shows them
portal-no-patch = the portal says that it does not support PATCH, so arkib cannot change anything in it; ask its operator to allow PATCH

# What an inspection ends with.
portal-read-only = arkib can read this portal, but cannot change anything in it.
portal-needs-mapping = This portal needs a mapping: fill in the one above, and inspect the portal again.
portal-bad-extension = The portal has arkib's own extension, but arkib cannot work with it.
portal-bad-mapping = The policy's mapping does not fit this portal.
portal-fix-policy = Fix the policy first.
portal-good-extension = The portal has arkib's own extension: no mapping is needed; write `portal: scim` in agency.yaml.
portal-good-mapping = The policy's mapping fits this portal.

# The development portal.
portal-ready = The development portal is ready, with { $count ->
    [one] { $count } mailbox
   *[other] { $count } mailboxes
  } from { $place ->
    [roster] the roster
    [other] its database; the roster is a different one and was not used
   *[database] its database
  }. Ctrl-C stops it.
portal-stopped = The portal stopped.
portal-serve-failed = Failed: { $error }
portal-does-not-start = the portal does not start; see --listen and --database: { $error }
portal-token-file = the token file { $file }: { $error }
portal-no-token = the token file { $file } contains no token: expected at least { $count } letters, digits or signs without a space
portal-file = the file { $file }: { $error }

# The embedded portal.
portal-not-built-in = this arkib was built without the embedded portal
portal-not-built-in-help = use a build with the feature `embedded`, or `portal: scim` in the policy
portal-embedded-fails = the embedded portal does not start: { $error }
portal-embedded-fails-help = make room if the disk is full; if the database is damaged or from another version, delete it, as it is only for rehearsals
portal-no-mailboxes = the embedded portal has no mailboxes yet, and there is no { $file }
portal-no-mailboxes-help = create it, with the line `mailbox,state` and then a line such as `siti.aminah@agensi.example,disabled` for each mailbox; or use another file with --roster FILE
portal-no-random = the system provides no random numbers for a token
portal-no-random-help = this should not happen; try again, and if it happens again, report it
portal-roster-unread = the roster { $name } cannot be read: { $error }
portal-roster-unread-help = check the path and its permissions; or use another file with --roster FILE
portal-roster-help = the columns are { $columns }
portal-no-folder = the folder { $folder } cannot be created: { $error }
portal-no-folder-help = use another place with --database FILE
portal-other-roster = warning: the embedded portal keeps its mailboxes, although the roster has changed since its first start. Delete its database to start again.
portal-opening = opening the portal

# What was asked of the portal when it failed, or is waited for.
portal-doing = { $word ->
    [connect] setting up the connection to the portal
    [token] asking for an access token
    [capabilities] asking the portal what it can do
    [schemas] asking the portal for its schemas
    [kinds] asking the portal for its kinds of resources
    [list] reading the list of mailboxes
    [look-up] looking mailboxes up
    [one] reading a mailbox by itself
    [again] reading the mailbox again
    [bulk] changing mailboxes together
   *[change] changing the mailbox
  }
portal-silent = { $doing }: no answer for { $seconds } seconds, still waiting
portal-pause = { $doing }: next attempt in { $seconds } seconds
portal-away = note: the portal does not answer; waiting for it, up to { $seconds } s in all
