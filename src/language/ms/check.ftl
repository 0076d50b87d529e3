# arkib check.

check-nothing = Tiada apa-apa disemak: { $reason }
