# arkib request.

request-dry = Dry run: { $file } was not written.
request-wrote = Wrote { $file }.
request-wrote-mailboxes = Wrote { $file }, which names { $count ->
    [one] { $count } mailbox
   *[other] { $count } mailboxes
  }.

# The dialogue: its questions, in the order of a letter.
request-first-question = This is the first question. Ctrl-C stops; nothing is written.
request-ask-enable = Which archives are to be enabled? Type a mailbox, a part of it to search for,
    several to paste, or the name of a list file (CSV, Excel).
request-ask-terminate = Which archives are to be terminated? Type a mailbox, a part of it to search for,
    several to paste, or the name of a list file (CSV, Excel).
request-ask-mailbox = Mailbox { $number }:
request-ask-mailbox-help = ↓ takes a suggestion, Enter adds it
request-ask-more-help = Enter on an empty line: done · -2 takes number 2 out again
request-removed = Taken out: { $mailbox }
request-no-mailbox = At least one mailbox is required.
request-no-such-number = There is no number { $number } in the list of { $count }.
request-which-removed = Which one? Type - and its number from 1 to { $count }.
request-not-an-address = `{ $found }` is not a mailbox address such as siti.aminah@agensi.example.
request-nobody-like = The portal has no mailbox like `{ $part }`; type the whole address to use it.
request-several-like = { $count } mailboxes match; choose one with ↓, or type more of it.
request-already-listed = { $mailbox } is already in the list.
request-foreign = { $mailbox } does not belong to this agency; its domains are { $domains }.
request-and-more = … and { $count } more
request-first-and-more = { $first } and { $count } more
request-note-on = `{ $mailbox }`: { $why }
request-archive-state = archive { $state }
request-account-state = account { $state }
request-list-line = line { $line }: { $problem }
request-list-unread = The list { $file } cannot be used: { $why }{ $more ->
    [0] {""}
   *[other] {" "}(and { $more } more)
  }
request-ask-withdrawn = Which request is withdrawn?
request-withdrawable = { $id } · { $day } · { $action } { $mailboxes }
request-withdrawable-pending = { $id } · { $day } · { $action } { $mailboxes } (pending)
request-nothing-to-withdraw = Nothing was written: there is no request that could be withdrawn.
request-ask-received = On which day did it arrive?
request-ask-received-help = for example 20/11/2026, 20 November 2026 or 2026-11-20; Enter: the day shown
request-day-in-future = { $day } is in the future; today is { $today }.
request-ask-channel = How did it arrive?
request-channel-email = 1 email (e-mel)
request-channel-memo = 2 memo
request-channel-letter = 3 letter (surat)
request-channel-form = 4 form (borang)
request-channel = by { $channel }
request-ask-reference = What is its file reference (Ruj. Tuan)?
request-ask-reference-help = for example CONTOH.600-1/2/3 (12)
request-ask-applicant = Who applied (address)?
request-ask-name = The applicant's name, as in the letter?
request-ask-file = The agency's own file (Ruj. Kami)?
request-ask-effective = From which day on?
request-ask-effective-help = for example 1/12/2026; Enter: as soon as it is approved
request-effective-at-once = as soon as it is approved
request-ask-reason = Why, in a sentence?
request-optional = Enter: leave it out
request-ask-document = Scanned document { $number }:
request-ask-document-help = path of the file, Tab completes it; Enter: none
request-ask-other-document-help = path of another file; Enter: done · -1 takes number 1 out again
request-document-empty = { $file } is empty
request-document-missing = there is no file { $file }
request-document-unread = { $file } cannot be filed: { $why }
request-documents-help = use regular files of at most 100 MiB
request-many-documents = a request takes at most { $most } documents
request-many-documents-help = combine several pages in one file

# The review before the file is written.
request-review = Request { $id }: { $what } { $count ->
    [one] { $count } archive
   *[other] { $count } archives
  }
request-review-withdraw = Request { $id }: { $what } { $withdraws }
request-label-mailboxes = mailboxes
request-label-withdraws = withdraws
request-label-received = received
request-label-channel = how
request-label-reference = reference
request-label-applicant = applicant
request-label-name = name
request-label-file = own file
request-label-effective = effective
request-label-reason = reason
request-label-documents = documents
request-label-written = file
request-left-out = left out
request-review-error = Wrong: { $problem }
request-review-warning = Note: { $problem }
request-ask-write = Write this file?
request-ask-write-help = no: change an answer, or stop
request-ask-change = What is to be changed?
request-change-nothing = nothing: look at it again
request-stop = stop; nothing is written
request-ask-branch = How to go on?
request-branch-again = try again, once that is done in another window
request-without-branch = write the file without a branch
request-taken = note: someone else has just written { $file }; arkib uses the next id.
request-others-faster = other runs take every new id first
request-unwritable = { $file } cannot be written: { $why }.
request-other-problems = note: other files have problems ({ $problems }); `arkib check` shows them
request-portal-unread = note: the portal could not be read, so mistakes in addresses are found only later: { $why }
request-not-valid = Nothing was written. Not valid:{ $wrong }
request-missing-mailboxes = the mailboxes: MAILBOX…, or --from-file FILE
request-missing-id = the request to withdraw: ID
request-missing-channel = how it arrived: --channel email|memo|letter|form
request-missing-reference = the file reference: --reference TEXT

# What would block a new request, or makes it unnecessary.
request-warn-received = the day of receipt is { $day }, which is in the future
request-warn-received-help = correct the day if it is a mistake
request-warn-effective = the request takes effect on { $day }, which is in the past
request-warn-effective-help = it takes effect on the day of its approval; if you mean that, leave `effective` out
request-warn-approvers = every approver of the policy is the applicant or one of the mailboxes
request-warn-approvers-help = file the approvers' mailboxes as a separate request, or first add another approver to the policy
request-warn-withdrawn = `{ $id }` is already withdrawn, by { $other }
request-warn-withdrawn-help = do not file this request
request-warn-same = { $other } asks for the same and waits for approval
request-warn-same-help = file this request only if it came with a different document
request-warn-protected = the policy protects `{ $mailbox }`: the termination would be blocked
request-warn-protected-help = leave the mailbox out, or first remove it from `protected` in the policy, in a separate change
request-warn-asked = { $other } already asks to { $verb } `{ $mailbox }` and waits for approval
request-warn-asked-help = leave the mailbox out, unless this is a different document
request-obstacle-help = look the mailbox up in the portal; leave it out if the address is a mistake
request-no-account = the portal has no such account
request-ambiguous = more than one account in the portal has this address
request-already-enabled = its archive is already enabled
request-already-enabling = the portal is already enabling its archive
request-no-archive = it has no archive to terminate
request-already-terminated = its archive is already terminated
request-already-terminating = the portal is already terminating its archive
request-on-hold = it is on legal hold, so its archive must stay
request-account-not-active = its account is { $state } in the portal
