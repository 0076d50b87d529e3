# arkib register.

register-offline-help = or use --offline, which reads only the records
register-no-current-folder = The current folder cannot be found: { $error }
register-no-current-folder-help = run arkib in a folder that exists
register-no-request = There is no request { $id } in these agencies.
register-no-request-help = run `arkib register --format csv`, which lists all requests
register-unwritten = { $file } cannot be written: { $error }
register-written = { $file }: { $requests ->
    [one] { $requests } request
   *[other] { $requests } requests
  }. It contains personal data.
register-written-several = { $file }: { $requests ->
    [one] { $requests } request
   *[other] { $requests } requests
  } of { $agencies ->
    [one] { $agencies } agency
   *[other] { $agencies } agencies
  }. It contains personal data.

# As text, in a comment.
register-period = received { $from } to { $to }
register-offline = the portal was not read
register-time = From receipt to done: half within { $median } days, nine of ten within { $p } ({ $count } timed)
register-portal = In the portal: { $unmanaged } unmanaged, { $drifted } drifted
register-and-more = { $first } and { $count } more
register-received = received { $day }
register-after = after { $days ->
    [one] { $days } day
   *[other] { $days } days
  }
register-open = open for { $days ->
    [one] { $days } day
   *[other] { $days } days
  }
