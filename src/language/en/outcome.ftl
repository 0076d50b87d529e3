# What became of the changes of a run.

outcome-applied = { $count } applied
outcome-under-way = { $count } accepted and in progress in the portal
outcome-already-so = { $count } already so
outcome-handed-over = { $count } handed over
outcome-failed = { $count } failed
outcome-unknown = { $count } unknown
outcome-skipped = { $count } skipped
outcome-sentence = { $counts }.
outcome-large-hint = The first rows are shown; the record of the run and --format json show all.

# The words of rows, and what they say.
outcome-word-applied = applied
outcome-word-already-so = already so
outcome-word-handed-over = handed over
outcome-word-failed = failed
outcome-word-unknown = unknown
outcome-word-skipped = skipped
outcome-settling = accepted; the portal is still working on it

# Why a change failed, is unknown or was not tried.
outcome-token-refused = not tried, because the portal refuses this token: { $detail }
outcome-no-effect = not tried, because the portal accepted { $count } changes in a row and still shows the old state. Ask its operator whether this token may change the state of archives, and whether the policy's `mapping` names the right attribute and words; if the portal only shows changes late, use --wait
outcome-same-failures = not tried, because { $count } changes in a row failed in the same way: { $detail }
outcome-account-gone = it no longer has this account
outcome-not-read-again = it could not be read again: { $detail }
outcome-interrupted-old = the portal accepted the change, and still showed the archive as { $state } when the run was interrupted
outcome-not-shown = the portal accepted the change, but it then shows the archive as { $state } (after { $seconds } s); if that stays so, ask its operator whether this token may change it
outcome-other-address = it then shows another address for the account
outcome-state-hidden = it then does not show the state of the archive
outcome-shown-as = it then shows the archive as { $state }
outcome-by-whom = already done, by this run, whose change the portal accepted, or by someone else, because the portal names the request { $request }
outcome-unclear = the portal accepted the change, but { $what }; run arkib again to find out
outcome-no-account = the portal no longer has this account
outcome-moved = the account now has another address
outcome-hidden-alone = the portal does not show the state of the archive when only this mailbox is read
outcome-state-now = the archive is now { $is }; it was { $was } when the plan was made
outcome-account-now = the account is now { $account }; it was active when the plan was made
outcome-held-now = the archive is now on legal hold
outcome-interrupted-unread = the run was interrupted before it was read again
outcome-several-accounts = several accounts then have the address
outcome-account-hidden = it then does not show this account
outcome-another-account = another account then has the address
outcome-contradiction = the portal contradicts itself: it showed the change as done when only this mailbox was read, and now shows the archive as { $state }; run arkib again to find out
outcome-run-again = { $why }; run arkib again to find out
outcome-interrupted = the run was interrupted before this change was sent
outcome-failed-unread = { $why }; it could not be read again: { $again }; run arkib again to find out
outcome-may-be-done = { $why }; the portal shows it as not done, but it may still be done; run arkib again to find out
outcome-unrecorded = it cannot be recorded, so it was not sent: { $error }
outcome-unrecorded-file = it cannot be recorded, so it was not handed over: { $error }
outcome-not-read-back = the portal accepted the change, and it has not been read back yet
outcome-not-asked = accepted, but the portal could not be asked whether it is done: { $detail }
outcome-tried = { $why }; tried { $count } times
outcome-no-clear-answer = the portal gave no clear answer, and now { $why }
outcome-already-unclear = already so, by this run, which got no clear answer, or by another
outcome-already-refused = already so, by this run, whose change was refused, or by another
outcome-already-before = it was already so when the change was due
outcome-not-finished = the portal accepted the change but did not finish it; the archive is { $state }
outcome-still-working = the portal was still working on it after { $waited } s; run arkib again to find out
outcome-interrupted-unanswered = interrupted while the portal had not answered; run arkib again to find out

# Why a change is not in the file that is handed over.
outcome-field-address = address
outcome-field-request = request's id
outcome-formula = its { $field } begins like a formula, which a spreadsheet program would run; make this change in the portal by hand
outcome-character = its { $field } contains a character that windows-1252 does not have; set `bulk.encoding: utf-8` in agency.yaml, or make this change in the portal by hand
outcome-control = its { $field } contains a control character; make this change in the portal by hand
outcome-unsafe-row = row { $row }: { $why }
outcome-too-many = there are { $count } changes; one file holds at most { $most }
outcome-unwritten = the file cannot be written: { $error }
outcome-no-hand-over = nothing can be written to { $place }: { $error }
outcome-not-published = { $file } cannot be put into { $place }: { $error }

# The progress of a run.
outcome-nothing-changed = Nothing was changed
outcome-no-bulk = the portal answers a bulk request and changes nothing; these changes are sent again, one by one
outcome-no-versions = the portal refuses the versions that it shows itself (If-Match, weak ETags); each mailbox is now read right before it is changed without one
outcome-note = note: { $note }
outcome-next-notify = `arkib notify` now tells the users
outcome-next-records = commit the new record in { $folder } and push it without a pull request, or let runs do it (--records-branch)
