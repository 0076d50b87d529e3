# The plan: its rows, totals and remarks.

plan-requests = requests { $requests }
plan-source-folder = in { $folder } (not in git)
plan-source-unknown = in { $folder } ({ $error })
plan-source-commit = at { $commit }
plan-source-branch = at { $commit } ({ $branch })
plan-source-without = { $source } without { $count ->
    [one] { $count } file
   *[other] { $count } files
  } of it
plan-source-changed-in = { $source } with uncommitted changes in { $files }
plan-source-changed = { $source } with uncommitted changes
plan-source-on-base = { $source } onto { $base }
plan-source-base = { $name } at { $commit }
plan-portal = portal { $portal }
plan-as-of = as of { $day }
plan-shard = shard { $shard }
plan-export-read = export { $name } of { $taken }
plan-title = Plan { $digest }: { $totals }
plan-large-hint = All terminations and the first rows of each request are shown; --format json shows all.

# What a plan does, in numbers.
plan-to-terminate = { $count } to terminate
plan-to-enable = { $count } to enable
plan-to-terminate-later = { $count } to terminate later
plan-to-enable-later = { $count } to enable later
plan-to-terminate-once-approved = { $count } to terminate once approved
plan-to-enable-once-approved = { $count } to enable once approved
plan-count-blocked = { $count } blocked
plan-no-archive-change = no change of an archive
plan-nothing-to-do = nothing to do
plan-count-in-progress = { $count } in progress
plan-count-in-sync = { $count } in sync
plan-count-unmanaged = { $count } unmanaged
plan-count-pending = { $count } pending
plan-count-requests = { $count ->
    [one] { $count } request
   *[other] { $count } requests
  }
plan-count-scheduled = { $count } scheduled
plan-count-prevented = { $count } prevented
plan-count-withdrawn = { $count } withdrawn
plan-count-policies = { $count ->
    [one] { $count } policy change
   *[other] { $count } policy changes
  }
plan-count-files = { $count ->
    [one] { $count } other file changed
   *[other] { $count } other files changed
  }
plan-to-terminate-without-it = { $count } to terminate, not because of it

# Below the totals.
plan-outstanding = Without this pull request: { $totals }{ $drift ->
    [0] {""}
    [one] ; { $drift } of these changes is drift
   *[other] ; { $drift } of these changes are drift
  }.
plan-no-other-mailbox = No request names any other mailbox.
plan-not-read = Not read: { $count ->
    [one] { $count } mailbox
   *[other] { $count } mailboxes
  } of other requests; --drift also counts changes of other requests.
plan-how-to-approve = To approve, on this branch: { $command }
plan-other-files = Other files of this pull request:
plan-policy-new = { $file } is new; it applies after the merge
plan-policy-changes = { $file } changes; until the merge, the current policy applies
plan-limits-accepted = This plan exceeds limits and is accepted by its digest:
plan-limits-exceeded = This plan is not applied, because it exceeds limits:
plan-written-words = Written to the portal:
plan-unseen-word = no mailbox in the portal has the word `{ $word }` yet; try `arkib portal rehearse`

# What is left out.
plan-and-more = … and { $what } more; --format json shows all
plan-more = … and { $count } more
plan-changes = { $count ->
    [one] { $count } change
   *[other] { $count } changes
  }
plan-files-of-this-kind = { $count ->
    [one] { $count } file
   *[other] { $count } files
  } of this kind
plan-mailboxes = { $count ->
    [one] { $count } mailbox
   *[other] { $count } mailboxes
  }
plan-more-groups = … and { $groups } with { $mailboxes }
plan-more-groups-to-enable = … and { $groups } with { $mailboxes }, to enable
plan-more-singles = … and { $groups } of one mailbox each
plan-more-singles-to-enable = … and { $groups } of one mailbox each, to enable
plan-more-requests = { $count } more { $count ->
    [one] request
   *[other] requests
  }
plan-more-reasons = { $count } more { $count ->
    [one] reason
   *[other] reasons
  }
plan-more-causes = { $count } more { $count ->
    [one] cause
   *[other] causes
  }

# Groups of rows.
plan-request-heading = { $request }: { $verb } { $count }
plan-remark-of = { $count } of them: { $remark }
plan-more-remarks = … and { $count ->
    [one] { $count } other remark
   *[other] { $count } other remarks
  }

# The words of rows.
plan-blocked = blocked
plan-prevented = prevented
plan-withdrawn = withdrawn
plan-ended = ended
plan-recalled = recalled
plan-in-progress = in progress
plan-in-sync = in sync
plan-unmanaged = unmanaged
plan-pending = pending
plan-scheduled = scheduled

# What rows say.
plan-approved-by = approved { $day } by { $approvers }
plan-approved-so-far = approved so far by { $approvers }
plan-reason = reason: “{ $reason }”
plan-archive = archive: { $state }
plan-from-day = from { $day } on
plan-then-from-day = then from { $day } on
plan-also-without = not because of this pull request
plan-blocked-remark = { $verb }; { $obstacle }
plan-prevented-from-day = would be { $state } from { $day } on without this pull request
plan-prevented-now = would be { $state } without this pull request
plan-ends-on-day = from { $day } on no request decides about it any more
plan-recalled-done = was { $handed } to { $verb }, and is done, but its request no longer applies
plan-recalled-open = was { $handed } to { $verb }, and is no longer wanted: do not upload { $file }
plan-handed-over = handed over on { $day }
plan-perhaps-handed-over = perhaps handed over on { $day }
plan-lifted-scheduled = scheduled for { $day }; is withdrawn
plan-lifted-due = from { $day } on; is withdrawn
plan-lifted-pending = { $waits }; is withdrawn
plan-wanted-of-export = { $handed }; { $state } in the portal's export, wanted { $wanted }
plan-wanted = { $state } in the portal; wanted { $wanted }
plan-already-so = { $verb }; already so
plan-no-request-names-it = { $state } in the portal; no request names it
plan-not-verified = { $waits }; not verified: { $reason }
plan-waiting-one = { $verb }; { $waits }
plan-waiting-several = { $verb } { $count } mailboxes, the first one is shown; { $waits }
plan-waiting-withdrawal-of = { $verb } { $request } ({ $what }); { $waits }
plan-waiting-withdrawal = { $verb } { $request }; { $waits }
plan-drift = drift: was { $was }, is { $is } in the portal
plan-went-back = the portal went back: a run on record made this change before
plan-request-withdrawn = { $request } is withdrawn
plan-met-today = already so
plan-today = today: { $what }

# Approvals that are missing.
plan-waits-for-approval = waits for approval
plan-waits-for = waits for { $count } { $has ->
    [0] approvals
   *[other] more
  } of { $approvers }
plan-waits-for-others = waits for { $count } { $has ->
    [0] approvals
   *[other] more
  } of { $approvers } and { $others } others
plan-waits-for-nobody = waits for { $count } { $has ->
    [0] approvals
   *[other] more
  }, and nobody else may approve

# What happens to the content of an archive.
plan-note-kept-until = the portal keeps the archive until { $day }
plan-note-keeping-unknown = the archive's mail is lost once the portal no longer keeps it
plan-note-comes-back = the terminated archive, which the portal keeps until { $day }, is restored
plan-note-last-day = the old archive is deleted today, { $day }; if it is already deleted, the new one is empty
plan-note-empty-since = the old archive was kept only until { $day }; the new one is empty
plan-note-old-archive-unknown = the portal does not say whether the old archive is restored

# Why a change cannot be made.
plan-obstacle-no-account = the portal has no such account
plan-obstacle-similar-account = the portal has no such account; did you mean { $similar }?
plan-obstacle-alias = it is another address of { $address }; a request must name that one
plan-obstacle-renamed = the account has the address { $address } now; a request must name that one
plan-obstacle-another-account = the account was created after the request was approved, so it may be another person's; if it is meant, file a new request
plan-obstacle-another-account-since = the account was created on { $day }, after the request was approved, so it may be another person's; if it is meant, file a new request
plan-obstacle-unreadable-row = the export has a row with an address that cannot be read and is probably this mailbox: { $place }
plan-obstacle-ambiguous = it is not clear which account in the portal has this address: several accounts have it, or one account has it among other addresses and none is primary
plan-obstacle-account-disabled = the account is disabled in the portal
plan-obstacle-account-deleted = the account is deleted in the portal
plan-obstacle-account-about-to-be-deleted = the account is about to be deleted in the portal
plan-obstacle-account-not-active = the account is not active in the portal: { $state }
plan-obstacle-hold = the archive is on legal hold
plan-obstacle-protected = the policy protects the archive from termination
plan-obstacle-unknown-state = the portal reports a state that arkib does not know: { $state }
plan-obstacle-unverified = the approval of { $request } is not verified: { $reason }
plan-not-signed = { $approver } did not sign it
plan-other-signer = the signature of { $approver } does not count: it is of { $signer }
plan-same-key = the signature of { $approver } does not count: its key signed for { $other }, too
plan-signature-fault = the signature of { $approver } does not count: { $fault }

# The limits that a plan exceeds.
plan-limit-terminations = { $count ->
    [one] { $count } termination is
   *[other] { $count } terminations are
  } { $more } more than the limit of { $most } (limits.terminations)
plan-limit-changes = { $count ->
    [one] { $count } change is
   *[other] { $count } changes are
  } { $more } more than the limit of { $most } (limits.changes)
plan-limit-percent = { $count ->
    [one] { $count } archive
   *[other] { $count } archives
  } would be terminated of { $kept }, which is { $percent } %, over the limit of { $most } % (limits.terminations_percent)
plan-limit-portal-new = { $others } of the { $seen } accounts that requests name were created after their requests, or are others than on record; if the portal was set up anew, give the day in the policy (portal_since)
plan-limit-undone = the portal shows { $undone } of the { $recorded } changes on record as undone; it may have been restored from a backup or be the wrong portal, or the policy's words for states may have a different meaning than before
plan-limit-gone = the portal shows that { $gone } of the { $wanted } archives that requests want were enabled before and no longer are; it may have been restored from a backup or be the wrong portal, or the policy's words for states may have a different meaning than before
plan-limit-portal-empty = the portal shows no mailboxes at all, but requests name some; it may be the wrong portal, or it may have lost them
plan-limit-portal-shrunken = the portal lacks { $missing } of the { $wanted } mailboxes whose archives are wanted; it may be the wrong portal, or it may have lost them

# Other files of a pull request.
plan-file = { $change ->
    [adds] adds
    [deletes] deletes
   *[changes] changes
  } { $what }
plan-file-git-settings = what git does with files: its attributes or modules
plan-file-template = a text or template of notices
plan-file-revocations = the lists of revoked certificates
plan-file-signers = the keys that verify approvals
plan-file-policy = nothing that counts in the policy
plan-file-record = records of runs
plan-file-hidden = a hidden file
plan-file-document = a document that a request names
plan-file-other-policy = the policy of another folder
plan-file-other = a file that is not a request

# Why a saved plan is outdated.
plan-stale-other-limits = it exceeds other limits now, or by a different amount
plan-stale-no-time = it does not say when it was made
plan-stale-too-old = it was made { $age } ago, at { $made }; --max-age allows { $most }
plan-stale-future = it was made in the future, at { $made }
plan-no-second = less than a second
plan-seconds = { $seconds } s
plan-hours = { $hours } h { $minutes } min
plan-stale-digest = its digest does not match its changes
plan-stale-no-digest = its digest is not valid
plan-stale-policy = the policy of { $agency } has changed since the plan was made
plan-stale-requests = the requests have changed since the plan was made
plan-stale-loss = when it was made, the portal showed far fewer mailboxes or archives than the requests name
plan-stale-new-change = { $verb } would be done now, but is not in the plan
plan-stale-blocked = it is blocked now: { $obstacle }
plan-stale-handed-over = it was { $handed }, and no export shows the change yet
plan-stale-in-progress = the portal is { $state } it now
plan-stale-not-due = { $request } is not due yet
plan-stale-pending = { $request } waits for approval
plan-stale-done = nothing remains to be done; it is as its requests say
plan-stale-other-request = { $request } decides now, not { $before }
plan-stale-other-action = to { $verb } would be planned now
plan-stale-other-account = it is another account in the portal now
plan-stale-other-state = the archive is { $is } now; the plan was made when it was { $was }
plan-stale-changed-in-portal = it was changed in the portal after the plan was made
plan-stale-note = what happens to its mail has changed
plan-stale-cause = the cause is { $is } now, not { $was }
plan-stale-file-new = is new since the plan was made
plan-stale-file-deleted = was deleted after the plan was made
plan-stale-file-changed = was changed after the plan was made
plan-stale-more-files = … and { $count } more files changed

# A saved plan.
plan-saved-not-utf-8 = it is not UTF-8
plan-saved-other = it is not as arkib wrote it: { $error }
plan-saved-format = its format is not { $format }
plan-saved-changed = it was changed after arkib wrote it
plan-saved = Saved to { $file }: { $count ->
    [one] { $count } change
   *[other] { $count } changes
  }; { $options } applies exactly these.
plan-sparse = note: the plan is made without { $count ->
    [one] { $count } file
   *[other] { $count } files
  } of the commit; what a sparse checkout leaves out, `git sparse-checkout disable` brings back
plan-shard-applies = Shard { $shard } applies { $own } of { $count ->
    [one] { $count } change
   *[other] { $count } changes
  }; limits and digest are those of the whole plan.
plan-shard-accept = --shard allows --accept only with --plan FILE: without it, shards that start later have another plan, of the remaining changes
plan-shard-accept-help = save the whole plan with --dry-run --plan-out FILE, and accept that
plan-not-written = Failed: { $why }, so nothing was changed.
plan-only-names = (approvals: in each request)
