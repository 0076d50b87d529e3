# arkib notify.

notify-none-given = No notice was sent or printed.
notify-failed = Failed: { $why }. No notice was sent or printed.
notify-nobody-informed = Nobody was informed
notify-no-terminal = there is no terminal to ask on: use --yes to send the notices, or --dry-run to show them
notify-no-section = No notices are sent: the policy has no `notices`.
notify-no-section-help = add `notices: {"{"}since: { $day }, from: arkib@{ $domain }{"}"}` to { $file }; notices are sent about requests received from that day on
notify-none = No notice is due.
notify-dry-none = Dry run: no notice is due.
notify-dry = Dry run: { $count ->
    [one] { $count } notice is
   *[other] { $count } notices are
  } due. No notice was sent or printed.
notify-not-confirmed = Not confirmed: no notice was sent or printed.
notify-no-output = standard output cannot be written: { $why }

# Which notices are due.
notify-kind = { $kind }
notify-again = again: { $about }
notify-outcome = { $count } { $outcome ->
    [sent] sent
    [printed] ready to print
    [refused] refused
    [deferred] deferred
    [unknown] unknown
   *[none] not sent
  }
notify-none-again = note: there is no notice about { $id } to repeat now; `arkib status { $id }` shows its state
notify-none-to = note: requests name { $to }, but no notice to this address is due now
notify-unnamed = note: no request names { $to }
notify-waits = the notice about { $id } waits until the portal has finished with { $mailboxes }
notify-unverified = warning: the approval of { $id } is not verified, so no notice about it is sent
notify-unconfirmed = { $count ->
    [one] { $count } notice was
   *[other] { $count } notices were
  } sent before and may not have arrived. `--again ID --to ADDRESS` repeats one.
notify-left-out = { $count ->
    [one] { $count } request was
   *[other] { $count } requests were
  } received before { $day }, the policy's `notices: since`: there are no notices about { $count ->
    [one] it
   *[other] them
  }.

# Why they are not sent.
notify-not-accepted = these are not the accepted notices; their digest is { $digest }
notify-not-accepted-help = review the notices above; if they are right, accept their digest
notify-unreliable-help = fix this; or review the notices with --dry-run, and if every notice is right, allow exactly these: --accept { $digest }
notify-over-limit = { $count ->
    [one] { $count } notice is
   *[other] { $count } notices are
  } due, more than the policy's limit of { $limit }
notify-over-limit-help = review them with --dry-run; if every one is right, allow exactly these: --accept { $digest }
notify-records-unreliable = the records of earlier runs have { $problems }, so it is unknown who was informed; `arkib records verify` shows them
notify-other-day = today is { $today }, and notices about a real portal are sent only as of today
notify-template-uncommitted = the template { $template } differs from the commit
notify-template-uncommitted-help = commit the templates first; --allow-uncommitted is for rehearsals
notify-no-record-help = no notice is sent without a record; use another folder with --records DIR

# Templates and the crest.
notify-message-unmade = a message cannot be created: { $why }
notify-unrendered = templates cannot be rendered: { $error }
notify-template-broken = a template cannot be used: { $place }: { $why }
notify-template-broken-help = fix it, or remove it to use the template of arkib; docs/en/NOTICES.md describes the variables
notify-template-not-text = { $file } is not UTF-8
notify-template-not-text-help = save the template as UTF-8
notify-template-irregular = { $file } is not a regular file of at most { $most } KiB
notify-template-irregular-help = put the file itself into the folder, no link; make a crest smaller
notify-template-long = the template has more than { $most } words and signs in its code
notify-template-endless = it takes too long, or makes too much text
notify-too-much-text = the notices of this run are more than { $most } MiB together
notify-page-element = a page may hold only text, tables, styles, and pictures within it, and not `{ $shown }`
notify-no-template = warning: { $file } is not a template of arkib
notify-no-template-near = warning: { $file } is not a template of arkib; did you mean `{ $near }`?
notify-unread = { $file } cannot be read: { $error }
notify-unread-help = fix the permissions
notify-crest = { $file } cannot be the crest: { $why }
notify-crest-help = save the crest as PNG or JPEG, at most 128 KiB
notify-crest-kind = it is neither a PNG nor a JPEG picture
notify-crest-damaged = it is cut off, or damaged
notify-crest-large = it has { $width } × { $height } points, expected at most { $most } each way
notify-crests = there are two crests, { $first } and { $second }
notify-crests-help = delete one of the two

# The pages to print, and the record.
notify-no-folder = the folder { $folder } for pages to print cannot be created: { $error }
notify-no-folder-help = use another folder with --output DIR
notify-unwritten = { $file } cannot be written: { $error }
notify-unwritten-help = fix this and run arkib again, or use another folder with --output DIR
notify-unrecorded = it cannot be recorded, so it is not sent: { $error }
notify-incomplete = the record is incomplete: { $error }
notify-unrecorded-help = make the folder of the records writable, and run arkib again
notify-recorded = Recorded in { $file }

# The mail server.
notify-no-server = { $count ->
    [one] { $count } e-mail stays due
   *[other] { $count } e-mails stay due
  }: { $why }
notify-no-way = there is no way to deliver it
notify-not-begun = interrupted before it was sent
notify-no-connection = there is no connection
notify-server = the mail server { $server }: { $why }
notify-server-lost = the mail server { $server } cannot be reached, or lost the connection { $count } times in a row: { $why }
notify-server-lost-help = run arkib again when the server works; it sends the deferred notices then
notify-server-policy = it refused { $count } messages in a row by its policy: { $said }
notify-server-policy-help = make sure that the server allows this machine and the address in `notices: {"{"}from: …{"}"}` to send; then arkib sends the deferred notices

# How the run ended.
notify-outcomes = { $counts }.
notify-stopped = { $counts }. Stopped: { $why }.
notify-interrupted = Interrupted: { $counts }.
notify-again-help = run arkib again; it sends the notices that were deferred or not sent, and none twice
notify-again-unknown-help = run arkib again; it sends the notices that were deferred or not sent, and none twice; an unknown notice is not repeated automatically: ask the person, or use --again ID --to ADDRESS
notify-refused-help = find out why, and inform the person in another way; or fix the cause, and repeat the notice: --again ID --to ADDRESS

# The command line.
notify-id-expected = expected the id of a request, such as BMT-2026-0042
