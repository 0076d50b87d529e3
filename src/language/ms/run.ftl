# Bagaimana sesuatu larian tamat, dan sebabnya.

run-help = bantuan: { $help }
run-prefixed = { $what }: { $reason }.
run-refused = Ditolak: { $reason }.
run-refused-so = Ditolak: { $reason }. { $so }
run-nothing-changed = Tiada apa-apa diubah.
run-interrupted = Dihentikan: tiada apa-apa diubah bagi agensi ini.
run-interrupted-help = jalankan arkib semula pada bila-bila masa; tiada apa-apa hilang
run-portal-refused = Ditolak semasa { $error }. Tiada apa-apa diubah.
run-portal-failed = Gagal semasa { $error }
run-git-failed = Gagal semasa bertanya kepada git tentang pelulus: { $error }
run-record-incomplete = Rekod { $file } tidak lengkap: { $why }.
run-again-help = jalankan arkib semula; baki kerja akan disudahkan, dan tiada apa-apa dibuat dua kali
run-again-short-help = jalankan arkib semula
run-nothing-to-do = Tiada apa-apa perlu dibuat.
run-nothing-to-do-now = Tiada apa-apa perlu dibuat sekarang.
run-waits-for-portal = { $count } peti mel menunggu portal, yang sedang melaksanakan perubahan itu; jalankan arkib semula kemudian.
run-waits-after-kill = { $count } peti mel menunggu, kerana larian yang sepatutnya menyerahkan perubahan itu terhenti.
run-waits-for-operators = { $count } peti mel menunggu pengendali portal, kerana perubahan itu telah diserahkan; kemudian jalankan arkib dengan eksport baharu.
run-dry = Larian cuba: tiada apa-apa diubah.
run-status-two = Status 2 kerana: { $words }.
run-blocked-strict = Gagal, kerana { $count } peti mel terhalang dan --strict digunakan.
run-over-limits = Ditolak, kerana pelan melebihi { $count } had: tiada apa-apa diubah.
run-over-limits-help = jika setiap perubahan dalam pelan itu betul, benarkan pelan ini sahaja: --accept { $digest }
run-over-limits-pull-request-help = selepas penggabungan, larian itu juga akan ditolak dan menunjukkan cara membenarkannya; atau bahagikan permohonan itu, atau ubah dasar dahulu
run-another-plan-help = semak pelan di atas; jika betul, terima cernaannya
run-first-problem = { $reason }; yang pertama: { $place }: { $first_problem }
run-cut-hand-over = Larian terdahulu terhenti semasa menyerahkan { $count } perubahan; larian berikutnya yang bukan larian cuba akan menentukan hasilnya.
run-unknown-language = ARKIB_LANGUAGE mengandungi `{ $word }`: `ms` (Melayu) atau `en` (Inggeris) dijangka
run-confirm = { $question } (ya atau tidak):
run-answer-yes-or-no = Sila jawab ya atau tidak.
run-not-confirmed = Tidak disahkan: tiada apa-apa diubah.
run-ask-day = {" "}bagi { $day }
run-ask-enable = { $way ->
    [hand-over] Serahkan: aktifkan
   *[apply] Aktifkan
  } { $enables }{ $day }?
run-ask-terminate = { $way ->
    [hand-over] Serahkan: tamatkan
   *[apply] Tamatkan
  } { $terminations }{ $day }?
run-ask-both = { $way ->
    [hand-over] Serahkan: tamatkan
   *[apply] Tamatkan
  } { $terminations } dan aktifkan { $enables }{ $day }?
run-ask-send = Hantar { $count } notis?
