# The one message of a run for its operators.

alert-title = arkib: { $counts }
alert-failed-count = { $count } failed
alert-drift-count = { $count } drift
alert-unmanaged-count = { $count } unmanaged
alert-waiting-count = { $count } waiting
alert-ending-count = { $count } ending soon
alert-failed = Failed
alert-drift = Changed in the portal without a request (drift)
alert-unmanaged = Archives that no request names
alert-waiting = Waiting for more than 7 days
alert-ending = Ending within 30 days
alert-more = and { $count } more
alert-job = The job
alert-job-at = The job: { $job }
alert-failed-line = { $agency }status { $status }: { $reason }
alert-drift-line = { $agency }: { $mailbox } is { $from } and should be { $to } ({ $request }){ $more }
alert-changed = , changed on { $day } at { $time }
alert-portal-names = , the portal names request { $request }
alert-this-run = ; this run: { $outcome }
alert-unmanaged-line = { $agency }: { $mailbox } is { $state }
alert-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
  }
alert-waiting-line = { $agency }: { $request } waits for { $count ->
    [one] { $count } approval
   *[other] { $count } approvals
  }, received on { $since } ({ $days })
alert-blocked-line = { $agency }: { $mailbox } is blocked, { $request } is due since { $since } ({ $days }): { $why }
alert-key-ends = the key of { $name } in allowed_signers ends
alert-authority-ends = the certificate of { $name } in authorities.pem ends
alert-list-ends = the list of { $name } in revocations.pem is to be replaced
alert-ago = { $days } ago
alert-today = today
alert-in-days = in { $days }
alert-ending-line = { $agency }: { $what } on { $day } ({ $when })
