# arkib check.

check-nothing = Tiada apa-apa disemak: { $reason }
check-no-problems = tiada masalah
check-checked = { $count } permohonan disemak, { $problems }
check-wrong-folder = Ini bukan folder permohonan: { $folder }
