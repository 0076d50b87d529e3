# Ulasan pada pull request, dan nota di sisi failnya.

comment-no-problems = tiada masalah
comment-refused = ditolak
comment-not-completed = tidak selesai
comment-no-plan = tiada pelan
comment-plan-outdated = ditolak, pelan yang disimpan sudah lapuk
comment-refused-plan = ditolak: { $totals }
comment-failed-plan = gagal: { $totals }
comment-requests = Permohonan { $requests }
comment-plan = pelan { $digest }
comment-shard-of = bahagian { $shard } daripada pelan dengan { $count } perubahan
comment-saved-plan-outdated = Pelan yang disimpan sudah lapuk:
comment-waits = menunggu kelulusan: { $what }
comment-to-terminate = { $count } arkib akan ditamatkan: melnya hilang buat selama-lamanya apabila portal tidak lagi menyimpannya.
comment-terminated-once-unblocked = { $count } lagi terhalang sekarang, dan akan ditamatkan, tanpa semakan lain, apabila tiada lagi yang menghalangnya.
comment-to-terminate-anyway = Akan ditamatkan, bukan disebabkan pull request ini: { $count }
comment-to-enable = Akan diaktifkan: { $count }
comment-blocked = Terhalang: { $count }
comment-prevented = Dicegah atau ditarik balik: { $count }
comment-left-alone = Dibiarkan atau menunggu: { $count }
comment-more-problems = … dan { $count } { $kind } lagi

# Perkara yang tidak dipaparkan.
comment-output-in-file = output penuh terdapat dalam { $file }
comment-output-of-report = `--report FILE` menulis output penuh
comment-output-of-json = `--format json` memaparkan semuanya
comment-not-all-rows = Tidak semua baris dipaparkan; { $place }.
comment-left-out = Tidak dipaparkan di sini: { $rows }; { $place }.
comment-hidden = { $count } penamatan tidak dipaparkan di sini kerana teks ini tidak dapat memuatkan semuanya: jangan buat keputusan berdasarkan teks ini.
comment-agencies = { $count } agensi
comment-changes = { $count } perubahan
comment-policy-changes = { $count } perubahan dasar
comment-headings = { $count } tajuk
comment-limits = { $count } had
comment-lines = { $count } baris
comment-other-files = { $count } fail lain
comment-other-rows = { $count } baris lain
comment-outcomes = { $count } hasil
comment-problems = { $count } masalah
comment-reasons = { $count } sebab
comment-words = { $count } perkataan

# Nota di sisi fail.
comment-would-be-terminated = { $mailbox } akan ditamatkan
comment-would-be-terminated-anyway = { $mailbox } akan ditamatkan, bukan disebabkan pull request ini
comment-would-be-terminated-when = { $mailbox } akan ditamatkan { $when }
comment-would-be-terminated-when-anyway = { $mailbox } akan ditamatkan { $when }, bukan disebabkan pull request ini
comment-once-approved = setelah diluluskan ({ $waits })
comment-terminations = { $count } arkib akan ditamatkan; pelantar Git mungkin tidak memaparkan semua nota ini
comment-not-done = { $mailbox } tidak dilaksanakan: { $verb }: { $why }
comment-not-annotated = dan { $count } lagi tanpa nota: { $kinds }; --format json memaparkan semuanya

# arkib comment.
comment-place = pull request { $number } bagi { $project } ({ $forge })
comment-dry-run = Larian cuba: ulasan ini akan ditulis pada { $place }.
comment-none = Gagal: tiada ulasan ditulis
comment-none-note = amaran: tiada ulasan ditulis
comment-fork-has-no-token = tugas suatu fork tidak mempunyai token untuknya
comment-run-again = jalankan tugas CI semula
comment-outdated = amaran: tiada ulasan ditulis: commit terbaharu cabang itu ialah { $newest }, bukan { $head }; larian commit itu yang menulis ulasan
comment-unreadable = { $file } tidak dapat dibaca: { $error }
comment-unreadable-help = namakan fail yang dicetak oleh `reconcile --format markdown`
