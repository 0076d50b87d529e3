# How a run ended, and why.

run-help = help: { $help }
run-prefixed = { $what }: { $reason }.
run-refused = Refused: { $reason }.
run-refused-so = Refused: { $reason }. { $so }
run-nothing-changed = Nothing was changed.
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
run-another-plan-help = review the plan above; if it is right, accept its digest
run-first-problem = { $reason }; the first: { $place }: { $first_problem }
run-cut-hand-over = An earlier run was killed while it handed over { $count ->
    [one] { $count } change
   *[other] { $count } changes
  }; the next run that is no dry run finds out what became of them.
run-unknown-language = ARKIB_LANGUAGE has `{ $word }`: expected `ms` (Malay) or `en` (English)
run-confirm = { $question } (yes or no):
run-answer-yes-or-no = Please answer yes or no.
run-not-confirmed = Not confirmed: nothing was changed.
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
run-ask-send = Send { $count ->
    [one] { $count } notice
   *[other] { $count } notices
  }?
