# arkib check.

check-nothing = Tiada apa-apa disemak: { $reason }
check-no-problems = tiada masalah
check-checked = { $count } permohonan disemak, { $problems }
check-wrong-folder = Ini bukan folder permohonan: { $folder }
check-no-pull-request = --pull-request tidak dapat digunakan di sini: { $why }
check-no-pull-request-help = { $help }; di tempat lain gunakan --base
