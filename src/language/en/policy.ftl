# The file agency.yaml.
policy-no-approver = found an empty list, expected at least one approver
policy-no-approver-help = name the UC administrators who may approve, one `- address` a line
policy-no-domain = found an empty list, expected at least one domain
policy-no-domain-help = name the domains of the agency's mailboxes, such as [agensi.example]
policy-domain = `{ $text }` is not a domain
policy-domain-help = write the part of an address after the `@`, such as agensi.example
policy-repository-help = make a random one once and never change it: `uuidgen`, or `[guid]::NewGuid()` in PowerShell
policy-no-repository = the key `repository` is missing, which signed approvals need
policy-repository = found `{ $shown }`, expected 16 to 64 letters, digits and hyphens
policy-percent = found { $percent } percent, expected 0 to 100
policy-percent-help = give the percentage of archives that one run may terminate
policy-days = found { $days } days, expected at most 36500
policy-days-help = give the number of days that the portal keeps a terminated archive
policy-number-of-approvers = the number of approvers
policy-most-approvals = the most approvals of a request
policy-required = found { $number }, expected 1 to { $most }, { $because }
policy-required-help = name more approvers, or ask for fewer approvals
policy-lines = found { $count } lines, expected at most { $most }
policy-lines-help = the text of the letter needs the room
policy-line-break = found a line break in the text, expected one line
policy-line-break-help = write it on one line
policy-link = `{ $shown }` is not a web address that begins with https://
policy-link-help = write the whole address, such as https://muat-turun.agensi.example/arkib
policy-column-of = the column `{ $name }` is also that of `{ $other }`
policy-column-one-meaning-help = each column has one meaning; case, blanks and punctuation make no difference
policy-column-name = found `{ $shown }`, expected a name of one line with letters or digits
policy-column-name-help = write the name as it is in the export
policy-other-column-help = each column has one meaning; use another column
policy-word-twice = `{ $name }` is here and under `{ $other }`
policy-one-action-help = each word asks for one thing; case, blanks and punctuation make no difference
policy-name-ends = begins or ends with a space, or has more than one line
policy-name-formula = begins like a formula, which a spreadsheet would run
policy-name-windows-1252 = contains a character that windows-1252 does not have
policy-name = `{ $name }` { $problem }
policy-name-help = write it as the portal's own template has it

# The portal's words.
policy-no-states = the words for `enabled`, or for both `disabled` and `terminated`, are missing
policy-no-states-help = write the portal's words for an archive that exists and for none, such as {"{"}enabled: [Ada], disabled: [Tiada]{"}"}
policy-no-active = the word for `active` is missing
policy-no-active-help = write the portal's word for an active account, such as {"{"}active: [Aktif]{"}"}; an account whose word is not listed is not changed
policy-no-holds = the words for both `held` and `free` are needed
policy-no-holds-help = write the portal's words for an archive on hold and for one that is not, such as {"{"}held: [Y], free: [N]{"}"}; any other word counts as held
policy-placeholder = `{ $text }` is still to be filled in
policy-placeholder-help = write the portal's name or word, or delete the line if the portal has none; `arkib portal inspect` shows its attributes and words
policy-word-length = found a word of { $length } characters, expected 1 to { $most }
policy-word-length-help = write the portal's word exactly; an empty value counts as no archive, no hold and an active account
policy-word-control = found a control character in `{ $word }`
policy-word-help = write the portal's word exactly
policy-one-meaning-help = each word means one thing; case makes no difference

# How a policy changes, a line each.
policy-nothing = nothing
policy-usual-names = its usual names
policy-usual-words = the usual words
policy-any-agency = any agency
policy-no-column = no column
policy-word-for = `{ $word }` for { $meaning }
policy-adds = { $key }: adds { $added }
policy-removes = { $key }: removes { $gone }
policy-from-to = { $key }: from { $before } to { $after }
policy-unsigned = provenance: approvals that their approvers did not sign will count
policy-writes = notices: arkib now writes to users, from { $from }, about requests received from { $since } on
policy-writes-no-longer = notices: arkib no longer writes to users
policy-word-means = mapping.state.values: archives that the portal shows as `{ $word }` count as { $is }, no longer as { $was }
policy-new = new: the policy of { $agency }; portal { $portal }, provenance { $provenance }, limits { $terminations ->
    [one] { $terminations } termination
   *[other] { $terminations } terminations
  }, { $percent } %, { $changes ->
    [one] { $changes } change
   *[other] { $changes } changes
  }
policy-removed = removed: the policy of { $agency }
policy-unread = it can no longer be read, so its other changes are not known
policy-unprotected = protected: { $mailbox } may then be terminated, as { $request } asks
policy-terminates = approvals: { $mailbox } may then be terminated, as { $request } asks
policy-enables = approvals: { $mailbox } may then be enabled, as { $request } asks
policy-undecided = approvals: what was decided about { $mailbox } then no longer counts
