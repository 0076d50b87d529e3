# arkib approve.

approve-effects-unknown = Nothing was written, because what the requests would do is not known. { $reason }
approve-effects-unknown-help = or approve with --offline, without seeing what it would do
approve-may-have-approval = But { $file } may have the approval; look at it.
approve-approved = Approved { $id } as { $by }: { $state }.
approve-dry = Dry run: nothing was written.
approve-open = and open the pull request, unless it is open already.

# What an approver reads.
approve-withdraw = withdraw { $withdraws } ({ $action })
approve-change = { $action } { $count ->
    [one] { $count } archive
   *[other] { $count } archives
  }
approve-and-more = … and { $more } more, all in { $file }
approve-label-mailboxes = mailboxes
approve-label-repository = repository
approve-label-received = received
approve-label-reference = reference
approve-label-applicant = applicant
approve-label-name = name
approve-label-file = own file
approve-label-effective = not before
approve-label-reason = reason
approve-label-documents = to open
approve-label-approved = approved by
approve-label-replaces = replaces
approve-label-state = with yours
approve-received-by = { $day } by { $channel }
approve-document = { $path } ({ $size ->
    [one] { $size } byte
   *[other] { $size } bytes
  }, unchanged)
approve-approved-on = { $by } on { $day }
approve-state-missing = it { $missing }
approve-state-complete = it has all its approvals
approve-state-unverified = but { $reason }; let { $approver } approve it again
approve-fix-first-help = fix them first; `arkib check` shows them, too
approve-once-approved = Once approved by all:
approve-portal-not-read = The portal was not read; what this would do is not known.
approve-other-user = ! git knows you as { $user }; the approval will name { $approver }
approve-already = { $id } has your approval already; it stays as it is.
approve-no-request = no request is named
approve-ask = Approve { $count ->
    [one] { $ids }
   *[other] { $count } requests: { $ids }
  } as { $by }, dated { $date }?
approve-who-help = name yourself with --as ADDRESS, or with `git config user.email ADDRESS`
approve-who-no-git = it is not known who approves; the requests are in no git repository
approve-who-no-email = it is not known who approves; git has no user.email
approve-who-no-address = git's user.email `{ $address }` is not an address that can approve
approve-stranger = `{ $approver }` is not an approver of { $agency }; its approvers are { $approvers }
approve-in-future = Nothing was written: { $day } is in the future.
approve-in-future-help = nobody approves ahead of time
approve-no-terminal = Nothing was written: there is no terminal to ask on.
approve-no-terminal-help = use --yes to approve without a question, or --dry-run
approve-one-id = Nothing was written: { $option } is for one request.
approve-one-id-help = a signature is of one statement; run arkib for each request
approve-replaced = your approval of { $day }, which does not count: { $reason }
approve-refused = { $id }: { $why }
approve-no-longer = it can no longer be approved, because { $reason }; file a new request, or, if that approval is not merged yet, let { $approver } run arkib approve again, which replaces it
approve-by-you-already = `{ $approver }` approved it already, on { $day }
approve-complete-since = it has all its approvals since { $day }, by { $by }
approve-unreadable = { $file } cannot be read: { $why }
approve-changed = { $file } was changed meanwhile
approve-changed-help = run arkib again, and look at what it shows
approve-unwritable = { $file } cannot be written: { $why }
approve-no-signature = the policy has `provenance: committed`, so no signature is written
approve-no-signature-help = leave out --signature
approve-signing = Signing with { $name }; if it blinks, touch it.
approve-no-key = there is no key to sign with; git has no user.signingkey
approve-no-key-help = name the file of your SSH key with --key FILE, or sign the text of `arkib approve --print ID` with another program and use --signature FILE
approve-no-ssh-key = git's user.signingkey is not an SSH key, because gpg.format is not ssh
approve-signature-help = use the file with -----BEGIN SSH SIGNATURE----- of ssh-keygen, or with -----BEGIN CMS----- (`openssl cms` with -outform PEM)
approve-signature-unread = the signature { $file } cannot be read: { $why }
approve-signature-no-text = the signature { $file } is not text
approve-effects-late = no answer within { $seconds } seconds
approve-uncommitted = { $file } has changes that are not committed
approve-uncommitted-help = the commit would bring them as part of the approval: commit them first, or take them back with `git restore { $file }`
