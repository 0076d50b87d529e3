# arkib check.

check-nothing = Nothing was checked: { $reason }
check-no-problems = no problems
check-checked = { $count ->
    [one] { $count } request
   *[other] { $count } requests
  } checked, { $problems }
check-wrong-folder = This is not a folder of requests: { $folder }
check-no-pull-request = --pull-request cannot be used here: { $why }
check-no-pull-request-help = { $help }; elsewhere use --base
