# arkib status.

status-shown = shown
status-offline = without the portal

# The timeline of a mailbox.
status-portal = portal
status-wanted = wanted
status-next = next
status-no-account = no such account
status-wants-nothing = nothing: no request to enable or terminate is in effect
status-other = other
status-account = { $state }; account { $account }
status-hold = legal hold
status-changed = changed { $at }
status-changed-for = changed { $at } by { $request }
status-request = by { $request }
status-recoverable = the portal keeps it until { $kept }, last day to have it recovered { $day }

# What the next run does.
status-next-unknown = not known without the portal
status-next-again = { $verb } again, because it was done before but is no longer so
status-next-blocked = nothing, because { $obstacle }
status-next-handed-over = nothing; it was { $handed }, and the portal's export does not show it yet
status-next-in-progress = nothing yet; the portal is still { $state }
status-next-on-day = { $verb } on { $day }, by { $id }
status-next-once-approved = { $verb }, once { $id } is approved
status-next-as-wanted = nothing; it is as its requests say
status-next-nothing-due = nothing; no request to enable or terminate is in effect

# A request.
status-withdrawn-by = { $standing } by { $by }
status-withdraws = { $standing }; withdraws { $request }
status-withdraws-withdrawn-by = { $standing }; withdraws { $request } by { $by }
status-received = received { $day } by { $channel }, { $reference }
status-received-from = received { $day } by { $channel }, { $reference }, from { $from }
status-name = name { $name }
status-own-file = own file { $file }
status-approved = approved { $day } by { $by }
status-approved-effective = approved { $day } by { $by }, effective { $effective }
status-approved-partly = approved by { $by }; { $missing }
status-not-approved = not approved yet
status-not-verified = not verified: { $reason }
status-done = done { $day }
status-last-time = last time { $trouble }

# A notice.
status-notice = notice { $kind } to { $to } by { $channel }, { $outcome } { $day }
status-notice-detail = notice { $kind } to { $to } by { $channel }, { $outcome } { $day }: { $detail }
status-notice-received = received
status-notice-approved = approved
status-notice-enabled = enabled
status-notice-blocked = blocked
status-notice-terminated = terminated
status-notice-withdrawn = withdrawn

# All open requests.
status-waits-approver = Waits for the approver
status-waits-administrator = Blocked; the administrator must look into it
status-waits-run = Waits for the next run of `arkib reconcile`
status-waits-run-offline = Not done, according to the records
status-waits-portal = The portal is working on it
status-waits-day = Scheduled for a later day
status-withdrawn = { $id } ({ $what })
status-and-more = { $mailbox } and { $count } more
status-received-today = received today
status-received-ago = received { $count ->
    [one] { $count } day
   *[other] { $count } days
  } ago
status-undelivered = Notices that did not arrive, or may not have arrived
status-nothing-open = There are no open requests.
status-totals = { $open } open · { $done } done · { $replaced } replaced by others · { $withdrawn } withdrawn

# The overview of an agency.
status-waiting = { $count ->
    [one] { $count } request waits
   *[other] { $count } requests wait
  }: { $parts }
status-count = { $count } for { $who }
status-for-approver = an approver
status-for-administrator = the administrator
status-for-run = the next run
status-for-portal = the portal
status-for-day = its day
status-age = { $count ->
    [0] today
    [one] { $count } day
   *[other] { $count } days
  }
status-rest = … and { $count } more ({ $parts }); `arkib status --all` lists each
status-drifted = { $count ->
    [one] { $count } mailbox is
   *[other] { $count } mailboxes are
  } no longer as the request says; the next run repairs that
status-undelivered-count = { $count ->
    [one] { $count } notice
   *[other] { $count } notices
  } did not arrive, or may not have arrived; `arkib status --all` lists each

# The same again and again.
status-watch = { $time }; read again every { $seconds } s; Ctrl-C ends
status-watch-failed = { $time }: { $reason }
status-watch-last = What is above was read at { $last }.
status-watch-terminal = --watch draws on a terminal, and standard output is none
status-watch-terminal-help = leave out --watch; a schedule of the system can repeat the command
status-not-a-subject = `{ $subject }` is neither a mailbox nor a request id of these agencies
status-needs-portal = arkib cannot show what the next run would do without the portal.
status-needs-portal-help = leave out --offline, or add a mailbox, a request or --all
status-next-once-approved-by = { $verb }, once { $id } is approved; who can approve: { $approvers }
