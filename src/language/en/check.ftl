# arkib check.

check-nothing = Nothing was checked: { $reason }
check-no-problems = no problems
check-checked = { $count ->
    [one] { $count } request
   *[other] { $count } requests
  } checked, { $problems }
check-wrong-folder = This is not a folder of requests: { $folder }
