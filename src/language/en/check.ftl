# arkib check.

check-nothing = Nothing was checked: { $reason }
