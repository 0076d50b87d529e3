# arkib request.

request-dry = Dry run: { $file } was not written.
request-wrote = Wrote { $file }.
request-wrote-mailboxes = Wrote { $file }, which names { $count ->
    [one] { $count } mailbox
   *[other] { $count } mailboxes
  }.

# What is wrong in a request file.
request-id-not-file-name = found the id `{ $id }` in a file named `{ $name }.yaml`, expected the same name
request-id-not-file-name-help = rename the file to `{ $id }.yaml`, or correct the id
request-withdrawal-with-mailboxes = found mailboxes in a withdrawal, which withdraws a whole request
request-withdrawal-with-mailboxes-help = delete `mailboxes`; to keep some of them, file a new request for those
request-no-mailboxes-key-help = add `mailboxes:` and below it one `- address` a line
request-no-mailboxes = found an empty list, expected at least one mailbox
request-no-mailboxes-help = name the mailboxes, one `- address` a line
request-too-many-mailboxes = found more than ten thousand mailboxes in one request
request-too-many-mailboxes-help = split the request into several files
request-no-withdraws-help = add `withdraws: ID` with the id of the request that is withdrawn
request-withdraws-elsewhere = found `withdraws` in a request that is not a withdrawal
request-withdraws-elsewhere-help = write `action: withdraw`, or delete the key
request-mailbox-twice = found `{ $mailbox }` a second time; it is already entry { $first }
request-delete-one-help = delete one of the two
request-foreign-domain = `{ $mailbox }` does not belong to this agency, whose domains are { $domains }
request-foreign-domain-help = correct the address; mailboxes of another agency belong in that agency's folder
request-name-lines = found { $lines } lines, expected at most { $most }
request-name-lines-help = write the name, and below it post, office and address
request-name-of-nobody = found a name, but neither an applicant nor a single mailbox that it could belong to
request-name-of-nobody-help = add `from: …` with the applicant's address, or delete the name
request-unknown-approver = `{ $approver }` may not approve: the policy does not name this approver
request-unknown-approver-help = let one of the policy's approvers approve, or first add this one to the policy, in a separate change (to `former_approvers` if they no longer approve)
request-self-approval = `{ $approver }` approves, but is { $role }
request-self-approval-help = let another of the policy's approvers approve this request
request-approval-twice = `{ $approver }` approves a second time
request-approval-twice-help = delete one of the two; each approval is by another person
request-approval-before-receipt = found the approval on { $approved }, before the receipt on { $received }
request-approval-before-receipt-help = correct one of the two days
request-withdraws-itself = the request withdraws itself
request-withdraws-itself-help = name the request that is withdrawn
request-incomplete-help = compare it with `arkib schema request`
request-incomplete = the request is incomplete
request-effective-early = the request takes effect on { $effective }, before its approval on { $approved }
request-effective-early-help = it takes effect on the day of its approval; if you mean that, leave `effective` out
request-approvals-count = found { $count ->
    [0] no
   *[other] too many
  } approvals, expected 1 to { $most }
request-id = found `{ $text }`, expected 1 to 64 letters, digits, `.`, `_` or `-`
request-id-fault = found `{ $text }` (it { $fault }), expected 1 to 64 letters, digits, `.`, `_` or `-`
request-approvals-count-help = delete `approvals` while there is none; otherwise keep those that the policy asks for
request-id-help = choose an id such as BMT-2026-0042, and give the file the same name
request-role-withdrawn = is { $role } of the withdrawn request { $id }
request-id-twice = the id `{ $id }` is already that of { $other }
request-id-case = the id `{ $id }` differs only in case from `{ $other }` of { $file }
request-id-twice-help = give the newer request another id, and rename its file to match
request-withdraws-unknown = no request has the id `{ $withdraws }`
request-withdraws-unknown-help = give the id of a request of this agency; it is the name of its file
request-withdraws-withdrawal = `{ $withdraws }` is itself a withdrawal
request-withdraws-withdrawal-help = to make the first request count again, file it as a new request
request-contradiction = this request wants to { $verb } `{ $mailbox }` from { $day } on, but { $other } wants to { $other_verb } it from the same day on
request-contradiction-help = let the one that is not merged yet take effect on another day (`effective`), for example { $next }, approve it on another day, or withdraw one of the two
request-text-cut = YAML begins a comment here, so the text ends with `{ $kept }`
request-text-cut-help = put the whole text in quotes; a comment goes on a line of its own

# Requests that are merged never change.
request-renamed = this is the merged request { $shown } under another name
request-renamed-help = rename it back to { $shown }; a merged request never changes
request-deleted = the merged request is deleted
request-deleted-help = restore the file; to cancel the request, file a new one with `action: withdraw` and `withdraws: { $id }`
request-more-than-approvals = more than the approvals of the merged request change
request-more-than-approvals-help = let `arkib approve` add the approval, which leaves every other line as it is; any other change needs a new request
request-edited = the merged request is edited
request-edited-help = restore the line; to change the request, file a new one, or one with `action: withdraw`

# What may not be meant in a new request.
request-received-later = the day of receipt is { $received }, which is in the future
request-received-later-help = correct the day if it is a mistake
request-effective-past = the request takes effect on { $effective }, which is in the past
request-no-approver-left = every approver of the policy is the applicant or one of the mailboxes
request-no-approver-left-help = file the approvers' mailboxes as a separate request, or first add another approver to the policy
request-already-withdrawn = `{ $withdraws }` is already withdrawn, by { $other }
request-already-withdrawn-help = do not file this request
request-withdraws-in-effect = { $done ->
    [yes] `{ $withdraws }` took effect on { $day }, and the portal shows that it was carried out
    [no] `{ $withdraws }` took effect on { $day }, and the next run may carry it out before its withdrawal is merged
   *[unread] `{ $withdraws }` took effect on { $day }; its withdrawal by itself does not undo what the portal has done
  }
request-withdraws-enabled-help = `arkib status { $withdraws }` shows what was done; an archive that is enabled stays so: to end it, file a request to terminate it
request-withdraws-enabled-today-help = `arkib status { $withdraws }` shows what was done; an archive that is enabled stays so: to end it, file a request to terminate it that takes effect on { $next } or later
request-withdraws-instead-help = { $other } then decides about its mailbox again: `arkib approve` and `arkib reconcile --dry-run` show what that changes, if anything
request-withdraws-terminated-help = `arkib status { $withdraws }` shows what was done; to get an archive back, file a request to enable it while the portal still keeps it
request-same-waits = { $other } asks for the same and waits for approval
request-same-waits-help = file this request only if it came with a different document
request-protected = the policy protects `{ $mailbox }`: the termination would be blocked
request-protected-help = leave the mailbox out, or first remove it from `protected` in the policy, in a separate change
request-mailbox-waits = { $other } already asks to { $verb } `{ $mailbox }` and waits for approval
request-mailbox-waits-help = leave the mailbox out, unless this is a different document
request-look-up-help = look the mailbox up in the portal; leave it out if the address is a mistake
request-mailbox-why = `{ $mailbox }`: { $why }
request-portal-ambiguous = more than one account in the portal has this address
request-portal-enabled = its archive is already enabled
request-portal-enabling = the portal is already enabling its archive
request-portal-no-archive = it has no archive to terminate
request-portal-terminated = its archive is already terminated
request-portal-terminating = the portal is already terminating its archive
request-portal-held = it is on legal hold, so its archive must stay
request-portal-account = its account is { $word } in the portal
request-role-applicant = the applicant
request-role-mailbox = one of the mailboxes
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
request-change = { $action } { $mailboxes }
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
request-withdrawable = { $id } · { $day }{ $state ->
    [pending] {" "}(pending)
    [done] {" "}(done)
   *[open] {""}
  } · { $action } { $mailboxes }
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
request-ask-effective = From which day on does it take effect?
request-ask-effective-help = for example 1/12/2026; Enter: as soon as it is approved
request-effective-at-once = as soon as it is approved
request-ask-reason = Why, in a sentence?
request-optional = Enter: leave it out
request-kept = Enter: keep it; delete it to leave it out
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
request-other-problems = warning: other files have problems ({ $problems }); `arkib check` shows them
request-portal-unread = warning: the portal could not be read, so mistakes in addresses are found only later: { $why }
request-not-valid = Nothing was written. Not valid:{ $wrong }
request-missing-mailboxes = the mailboxes: MAILBOX…, or --from-file FILE
request-missing-id = the request to withdraw: ID
request-missing-channel = how it arrived: --channel email|memo|letter|form
request-missing-reference = the file reference: --reference TEXT
request-portal-silent = no answer within { $seconds } seconds
request-list-no-file = the list cannot be read: { $error }
request-list-no-file-help = use a file with one mailbox per line, or a table
