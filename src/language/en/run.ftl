# How a run ended, and why.

run-help = help: { $help }
run-prefixed = { $what }: { $reason }.
run-refused = Refused: { $reason }.
run-refused-so = Refused: { $reason }. { $so }
run-nothing-changed = Nothing was changed.
run-problems-nothing-changed = { $problems }; nothing was changed
run-problems-mailbox = { $problems }: an unreadable request may name the mailbox
run-check-shows-help = `arkib check` shows them
run-problems-no-notice = { $problems }; no notice was sent or printed
run-no-policy-yet = Nothing to do yet: no policy is merged.
run-no-policy-no-plan = No plan was saved: no policy is merged yet.
run-nothing-written = Nothing was written
run-interrupted = Interrupted: nothing was changed for this agency.
run-interrupted-help = run arkib again at any time; nothing is lost
run-portal-refused = Refused while { $error }. Nothing was changed.
run-portal-failed = Failed while { $error }
run-git-failed = Failed while asking git who approved: { $error }
run-record-incomplete = The record { $file } is incomplete: { $why }.
run-again-help = run arkib again; it does what remains to be done, and nothing twice
run-again-short-help = run arkib again
run-nothing-to-do = Nothing to do.
run-nothing-to-do-now = Nothing to do now.
run-waits-for-portal = { $count ->
    [one] { $count } mailbox waits
   *[other] { $count } mailboxes wait
  } for the portal, which was already working on the change; run arkib again later.
run-waits-after-kill = { $count ->
    [one] { $count } mailbox waits
   *[other] { $count } mailboxes wait
  }, because the run that was to hand the change over was killed.
run-waits-for-operators = { $count ->
    [one] { $count } mailbox waits
   *[other] { $count } mailboxes wait
  } for the people who operate the portal, because the change was handed over; then run arkib with a new export.
run-dry = Dry run: nothing was changed.
run-status-two = Status 2 because of: { $words }.
run-blocked-strict = Failed, because { $count ->
    [one] { $count } mailbox is blocked
   *[other] { $count } mailboxes are blocked
  } and --strict was given.
run-over-limits = Refused, because the plan exceeds { $count ->
    [one] { $count } limit
   *[other] { $count } limits
  }: nothing was changed.
run-over-limits-help = if every change of the plan is right, allow exactly this plan: --accept { $digest }
run-over-limits-pull-request-help = after the merge, the run is also refused and shows how to allow it; or split the request, or change the policy first
run-another-plan = the accepted plan is not this one, which is { $digest }
run-another-plan-help = review the plan above; if it is right, accept its digest
run-first-problem = { $reason }; the first: { $place }: { $first_problem }
run-cut-hand-over = An earlier run was killed while it handed over { $count ->
    [one] { $count } change
   *[other] { $count } changes
  }; the next run that is no dry run finds out what became of them.
run-no-such-directory = Failed: cannot work in the folder { $folder }: { $error }
run-unknown-language = ARKIB_LANGUAGE has `{ $word }`: expected `ms` (Malay) or `en` (English)

# Saved plans, shards and days.
run-shard-of-files = people operate this portal (portal: files), and they get one file for everything
run-shard-of-files-help = leave out --shard
run-plan-without-agency = the saved plan does not include this agency
run-plan-outdated = the saved plan is outdated, so none of it was applied
run-plan-again-help = make a new plan with --plan-out, and have it reviewed
run-other-day = today is { $today }, and a real portal is changed only as of today
run-other-day-help = leave out --as-of; it is for dry runs and rehearsals
run-agency-gone = this agency is no longer in the folder
run-plan-outdated-there = its plan is outdated; its own section shows why
run-plan-not-made-there = its plan cannot be made again; its own section shows why
run-no-record-help = nothing is changed without a record; use another folder with --records DIR
run-not-recorded = the run cannot be recorded in { $folder }: { $error }
run-no-terminal = there is no terminal to ask on: use --yes to apply the plan, or --dry-run to show it
run-list-lacks = warning: the portal's list lacks { $count ->
    [one] { $count } mailbox
   *[other] { $count } mailboxes
  } that it has when asked for each; ask its operator why
run-records-note = warning: the records of earlier runs have { $problems }; `arkib records verify` shows all
run-left-open-note = warning: the changes that earlier runs left open stay open: { $error }

# What became of changes of earlier runs.
run-seen-done = { $count } seen done
run-already-so = { $count } already so
run-not-made = { $count } not made
run-unclear = { $count } unclear
run-not-yet-done = { $count } not yet done, according to the export
run-not-seen = { $count } not seen so far
run-of-handed-over = Of what was handed over: { $parts }.
run-of-earlier = Earlier runs did not see the end of { $count ->
    [one] { $count } change
   *[other] { $count } changes
  }: { $parts }.
run-file-absent = { $name } is not there, and its run was killed before it appeared: nothing of it was handed over.
run-file-there = { $name } is in { $shown }, and its run was killed when it had just written it: it is handed over.
run-file-changed = It is not known whether { $name } was handed over: the one in { $shown } was changed: its SHA-256 is another, and its run was killed when it was to appear; if nobody has it, use --hand-over-again.
run-file-lacking = It is not known whether { $name } was handed over: { $shown } lacks it, and its run was killed when it was to appear; if nobody has it, use --hand-over-again.
run-cut-record = it is not known whether { $file } was handed over: the record of its run is cut off, and has { $known } of its { $count ->
    [one] { $count } change
   *[other] { $count } changes
  }: { $shown }
run-cut-record-help = restore the records from git, or name the folder with --hand-over; if nobody has the file, use --hand-over-again without --only
run-ask-holder-help = ask who has the file; if nobody has it, use --hand-over-again
run-nothing-handed-over = Nothing was handed over.
run-folders-unknown = { $count ->
    [one] { $count } folder was
   *[other] { $count } folders were
  } handed over before without a record, or the record is lost; for example { $first }
run-folders-unknown-help = restore the records from git; use --hand-over-again only if none of these changes is done or will be done
run-give-folder-help = give { $folder } to the person who operates the portal; its page says what to do. Then download a new export and run arkib again, to see what was done
run-none = none

# Saving a plan.
run-plan-not-applied = the plan { $name } cannot be applied: { $why }
run-plan-of-some = No plan was saved, because not every agency has one.
run-plan-of-loss = No plan was saved, because the portal seems to have lost mailboxes or archives; look into the portal first, then apply it with --accept.
run-plan-unsaved = The plan cannot be saved to { $file }: { $error }.
run-plan-unread = The plan { $name } cannot be read: { $error }. Nothing was changed.
run-only-request = { $id } is a request; its mailboxes: { $mailboxes }
run-only-no-address = { $name } is not the address of a mailbox: { $why }
run-unnamed-note = warning: no request names { $mailbox }, so nothing is done for it
run-recent-note = note: an earlier run sent { $count ->
    [one] { $count } change
   *[other] { $count } changes
  } some seconds ago and did not see the effect; the portal is read for up to { $seconds } s before they are planned again
run-wait-note = note: --wait does nothing if people operate the portal; their next export shows the result
run-unmerged-branch = warning: the branch { $branch } is not merged into { $main }: what only it brings is carried out, too, and nobody may have reviewed it
run-not-confirmed = Not confirmed: nothing was changed.
run-confirm = { $question } (yes or no):
run-answer-yes-or-no = Please answer yes or no.
run-ask-day = {" "}as of { $day }
run-ask-enable = { $way ->
    [hand-over] Hand over: enable
   *[apply] Enable
  } { $enables }{ $day }?
run-ask-terminate = { $way ->
    [hand-over] Hand over: terminate
   *[apply] Terminate
  } { $terminations }{ $day }?
run-ask-both = { $way ->
    [hand-over] Hand over: terminate
   *[apply] Terminate
  } { $terminations } and enable { $enables }{ $day }?
run-ask-notices = { $mails ->
    [0] Write
    [one] Send { $mails } e-mail
   *[other] Send { $mails } e-mails
  }{ $pages ->
    [0] {""}
   *[other] { $mails ->
        [0] {""}
       *[other] {" "}and write
      } { $pages ->
        [one] { $pages } page
       *[other] { $pages } pages
      } to print
  }?

# Of the edges of the program.
run-unknown-request = there is no request { $id } in this folder
run-unknown-request-help = check the id; `arkib status --all` lists the open requests
run-unwritten = { $file } cannot be written: { $error }; { $help }.
run-result-unwritten = The result cannot be written: { $error }
run-interrupted-by = Interrupted ({ $signal }){ $place ->
    [terminal] : changes in progress end, nothing new starts. Interrupt again to wait for no answer.
   *[job] : changes in progress end, nothing new starts.
  }
run-ended-unwritten = Ended before everything was written. Run arkib again to find out what was done.
run-cannot-ask = the question cannot be asked: { $error }. Nothing was changed.
run-answer-too-long = the answer is too long
run-answer-cut = the line is as long as the terminal allows, so its end may be missing; enter it in parts
run-answer-not-text = the answer is not UTF-8 text
run-no-alert = warning: no alert can be sent: { $why }
run-alert-unsent = warning: the alert was not sent: { $why }
run-no-agency-of = warning: { $mailbox } belongs to no agency in this folder
run-requests-unread = The requests cannot be read: { $error }{ $so }
run-progress = { $what }: { $done } of { $total }
run-notices = sending notices
run-reading = reading mailboxes
run-applying = applying changes
run-waiting = waiting for the portal to finish
run-users = reading users
run-no-threads = the system cannot start threads: { $error }
run-output-cut = The output has no room for all terminations.
