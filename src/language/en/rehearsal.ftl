# arkib portal rehearse.

rehearsal-head = arkib { $version } · { $agency } · portal { $portal } · rehearsal
rehearsal-found = found
rehearsal-not-read = not read
rehearsal-put-back = put back
rehearsal-wrote = wrote `{ $written }`
rehearsal-wrote-in-bulk = wrote `{ $written }` in a bulk request
rehearsal-read-back = read back: { $state }
rehearsal-not-read-back = read back: not known
rehearsal-problems = { $count ->
    [one] { $count } problem
   *[other] { $count } problems
  }:

# What is asked.
rehearsal-warning = This mailbox is enabled and terminated now, and then put back. A termination may lose what is in its archive, so it must be a test mailbox.
rehearsal-type-again = Type its address again to continue:
rehearsal-not-same = Not the same address: nothing was changed.
rehearsal-ask-archive = Look into the portal's own pages: does it have an archive now? (yes or no)
rehearsal-neither = Neither yes nor no: nothing was changed.
rehearsal-ask-shown = Do the portal's own pages show it as { $state }? (yes, no, or Enter if you cannot see it)

# How it ended.
rehearsal-mapping-wrong = The mapping is wrong. Nothing was changed.
rehearsal-output-lost = Failed: standard output cannot be written: { $why }. Nothing was changed.
rehearsal-proven = The mapping is proven: what arkib writes is what it reads back.
rehearsal-not-proven = The mapping is not proven.
rehearsal-stopped = Interrupted: the mapping is not proven.
rehearsal-as-found = { $mailbox } is as it was found.
rehearsal-without-archive = { $mailbox } has no archive, as it was found, but its state was { $before } and is { $now } now: the portal does not let arkib set { $before }. If it must be { $before } again, ask the portal's operator.
rehearsal-nobody-compared = nobody compared each change with the portal's own pages; on a terminal, arkib asks
rehearsal-request-stands = The archive of { $mailbox } is { $state }, as it was found, but a request stands in the mailbox, because { $why }.
rehearsal-request-stands-help = remove it in the portal's own pages; the record says what was written
rehearsal-not-as-found = { $mailbox } is not as it was found: its archive was { $before }, and its state is { $now } now, because { $why }.
rehearsal-not-as-found-help = set its archive to { $state } in the portal's own pages, or ask the portal's operator to; the record says what was written
rehearsal-not-known = not known
rehearsal-cut-short = the run was interrupted before the mailbox was seen to be put back
rehearsal-may-still-show = the run was interrupted, and what it sent last may still show
rehearsal-not-finished = the portal has not finished the last change
rehearsal-on-hold-now = it is on legal hold now

# What is wrong after a change.
rehearsal-refused = the portal refuses `{ $written }`: { $detail }
rehearsal-refused-help = correct the word for `{ $word }` in `mapping.state.values`, or ask the portal's operator what the token may write
rehearsal-no-effect-in-bulk = the portal accepted a bulk request with `{ $written }` and changed nothing
rehearsal-no-effect-in-bulk-help = ask the portal's operator to repair /Bulk, or to say in /ServiceProviderConfig that it is not supported
rehearsal-no-effect = the portal accepted `{ $written }` and changed nothing: it is { $state }
rehearsal-no-effect-help = correct the word for `{ $word }` in `mapping.state.values`, or its `attribute`; if both are right, PATCH has no effect: tell the portal's operator
rehearsal-another-word = `{ $written }` was written, and `{ $other }` is read back
rehearsal-another-word-help = correct the word for `{ $word }` in `mapping.state.values`: if `{ $other }` means { $state }, put it first
rehearsal-another-state = `{ $written }` was written, and the archive is read back as { $other }
rehearsal-another-state-help = correct the word for `{ $word }` in `mapping.state.values`: another word seems to mean { $state }
rehearsal-unfinished = after `{ $written }` the portal did not finish: the archive is { $state }
rehearsal-unfinished-help = ask the portal's operator, or wait longer with --wait-timeout
rehearsal-hidden-alone = the portal does not show the state when the mailbox is read by itself
rehearsal-hidden-alone-help = ask the portal's operator to return the attribute with every user
rehearsal-not-in-pages = `{ $written }` is read back, but the portal's own pages do not show it as { $state }
rehearsal-not-in-pages-help = correct the word for `{ $word }` in `mapping.state.values`: the portal stores the word and does not act on it
rehearsal-request-changed = `{ $id }` was written as the request, and `{ $kept }` was read back
rehearsal-request-not-kept = `{ $id }` was written as the request, and nothing was read back
rehearsal-request-not-kept-help = correct `mapping.request`, or leave it out: then only the records know the request
rehearsal-changed-meanwhile = someone else changed the mailbox meanwhile: { $what }
rehearsal-changed-meanwhile-help = rehearse on a mailbox that nobody else uses
rehearsal-unreadable = the mailbox could not be read back: { $why }
rehearsal-unrecorded = it cannot be recorded, so it was not sent: { $why }
rehearsal-unrecorded-help = use another folder with --records DIR
rehearsal-interrupted = interrupted
rehearsal-try-again = try again
rehearsal-extension-help = the portal does not do what arkib's extension asks for: tell its operator
rehearsal-another-address = the account has another address
rehearsal-on-hold = it is on legal hold
rehearsal-not-active = the account is not active
rehearsal-archive-changed = its archive has another state
rehearsal-not-shown = the portal no longer shows this account
rehearsal-gone = the portal no longer has this account
rehearsal-no-bulk = the portal takes no bulk request

# What is wrong before the first change.
rehearsal-read-otherwise = arkib reads the archive as { $found }, where the mapping has `{ $attribute }: { $word }`, but the portal's own pages show { $shows ->
    [none] no archive
   *[archive] an archive
  }
rehearsal-read-otherwise-help = correct `attribute` or `values` of `mapping.state`; `arkib portal inspect` shows the portal's attributes and words
rehearsal-read-otherwise-extension-help = if that is the same mailbox, the portal does not use arkib's extension as it should: tell its operator
rehearsal-wrong-way-round-help = the words are the wrong way round: write `values: {"{"} enabled: ["{ $enabled }"], disabled: ["{ $disabled }"] {"}"}` under `mapping.state`

# Which mailbox may be used.
rehearsal-names-differ = --mailbox and --confirm differ: { $mailbox } and { $again }; nothing was changed
rehearsal-names-differ-help = name the same test mailbox in both
rehearsal-name-twice = there is no terminal to ask on: name the mailbox twice, with --mailbox and --confirm
rehearsal-name-twice-help = it must be a test mailbox: a termination may lose what is in its archive
rehearsal-say-archive = there is no terminal to ask on: say with --has-archive whether the mailbox has an archive now
rehearsal-say-archive-help = look into the portal's own pages: only so a mapping whose words are the wrong way round is noticed
rehearsal-another-mailbox-help = use a test mailbox that no request names
rehearsal-foreign = { $mailbox } is in no domain of an agency in this folder
rehearsal-foreign-help = use a test mailbox in a domain of the policy
rehearsal-several-agencies = { $mailbox } is in a domain of several agencies in this folder
rehearsal-several-agencies-help = name the folder of one agency with --requests DIR
rehearsal-of-files = people operate this portal (portal: files), so arkib does not write to it
rehearsal-of-files-help = a rehearsal is for `portal: scim` and `portal: embedded`; of a file that is handed over, the next export shows what was done
rehearsal-named = { $id } names { $mailbox }
rehearsal-protected = the policy protects { $mailbox }
rehearsal-changed = a run changed { $mailbox } for { $id }
rehearsal-was-cut-off = the last rehearsal of { $mailbox } was cut off ({ $file }): its archive was { $before } before it, and is { $now } now
rehearsal-was-cut-off-help = put it back in the portal's own pages first
rehearsal-of-ref = another commit may lack a request that names the mailbox
rehearsal-of-ref-help = leave out --ref
rehearsal-alias-named = { $alias }, another address of { $mailbox }, is in a request
rehearsal-account-changed = a run changed this account for { $id }, as { $mailbox }
rehearsal-no-account = the portal has no account { $mailbox }
rehearsal-settling = the archive of { $mailbox } is { $state } now
rehearsal-changed-last = the portal says that { $id } changed { $mailbox } last
