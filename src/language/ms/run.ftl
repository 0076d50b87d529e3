# Bagaimana sesuatu larian tamat, dan sebabnya.

run-help = bantuan: { $help }
run-prefixed = { $what }: { $reason }.
run-refused = Ditolak: { $reason }.
run-refused-so = Ditolak: { $reason }. { $so }
run-nothing-changed = Tiada apa-apa diubah.
run-problems-nothing-changed = { $problems }; tiada apa-apa diubah
run-problems-mailbox = { $problems }: permohonan yang tidak dapat dibaca mungkin menamakan peti mel itu
run-check-shows-help = `arkib check` memaparkannya
run-problems-no-notice = { $problems }; tiada notis dihantar atau dicetak
run-no-policy-yet = Belum ada apa-apa perlu dibuat: tiada dasar yang telah digabungkan.
run-no-policy-no-plan = Tiada pelan disimpan: tiada dasar yang telah digabungkan.
run-nothing-written = Tiada apa-apa ditulis
run-interrupted = Dihentikan: tiada apa-apa diubah bagi agensi ini.
run-interrupted-help = jalankan arkib semula pada bila-bila masa; tiada apa-apa hilang
run-portal-refused = Ditolak semasa { $error }. Tiada apa-apa diubah.
run-portal-failed = Gagal semasa { $error }
run-git-failed = Gagal semasa bertanya kepada git tentang pelulus: { $error }
run-record-incomplete = Rekod { $file } tidak lengkap: { $why }.
run-again-help = jalankan arkib semula; baki kerja akan disudahkan, dan tiada apa-apa dibuat dua kali
run-again-short-help = jalankan arkib semula
run-nothing-to-do = Tiada apa-apa untuk dilaksanakan.
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
run-another-plan = pelan yang diterima bukan pelan ini, iaitu { $digest }
run-another-plan-help = semak pelan di atas; jika betul, terima cernaannya
run-first-problem = { $reason }; yang pertama: { $place }: { $first_problem }
run-cut-hand-over = Larian terdahulu terhenti semasa menyerahkan { $count } perubahan; larian berikutnya yang bukan larian cuba akan menentukan hasilnya.
run-no-such-directory = Gagal: folder { $folder } tidak dapat digunakan: { $error }
run-unknown-language = ARKIB_LANGUAGE mengandungi `{ $word }`: `ms` (Melayu) atau `en` (Inggeris) dijangka

# Pelan yang disimpan, bahagian dan tarikh.
run-shard-of-files = portal ini dikendalikan oleh manusia (portal: files), dan mereka menerima satu fail bagi semuanya
run-shard-of-files-help = tinggalkan --shard
run-plan-without-agency = pelan yang disimpan tidak merangkumi agensi ini
run-plan-outdated = pelan yang disimpan sudah lapuk, maka tiada apa-apa daripadanya dilaksanakan
run-plan-again-help = buat pelan baharu dengan --plan-out, dan minta disemak
run-other-day = hari ini { $today }, dan portal sebenar hanya diubah setakat hari ini
run-other-day-help = tinggalkan --as-of; pilihan itu bagi larian cuba dan raptai
run-agency-gone = agensi ini tidak lagi dalam folder
run-plan-outdated-there = pelannya sudah lapuk; bahagiannya sendiri menunjukkan sebabnya
run-plan-not-made-there = pelannya tidak dapat dibuat semula; bahagiannya sendiri menunjukkan sebabnya
run-no-record-help = tiada apa-apa diubah tanpa rekod; gunakan folder lain dengan --records DIR
run-not-recorded = larian ini tidak dapat direkodkan dalam { $folder }: { $error }
run-no-terminal = tiada terminal untuk bertanya: gunakan --yes untuk melaksanakan pelan, atau --dry-run untuk memaparkannya
run-list-lacks = amaran: senarai portal tidak mengandungi { $count } peti mel yang ada apabila ditanya satu demi satu; tanya pengendalinya sebabnya
run-records-note = amaran: rekod larian terdahulu mempunyai { $problems }; `arkib records verify` memaparkan semuanya
run-left-open-note = amaran: perubahan yang belum diselesaikan oleh larian terdahulu kekal belum selesai: { $error }

# Hasil perubahan daripada larian terdahulu.
run-seen-done = { $count } dilihat sudah dilaksanakan
run-already-so = { $count } sudah sedemikian
run-not-made = { $count } tidak dibuat
run-unclear = { $count } tidak jelas
run-not-yet-done = { $count } belum dilaksanakan, menurut eksport
run-not-seen = { $count } belum dilihat setakat ini
run-of-handed-over = Daripada yang diserahkan: { $parts }.
run-of-earlier = Larian terdahulu tidak melihat kesudahan { $count } perubahan: { $parts }.
run-file-absent = { $name } tiada, dan lariannya terhenti sebelum fail itu muncul: tiada apa-apa daripadanya diserahkan.
run-file-there = { $name } ada dalam { $shown }, dan lariannya terhenti sebaik-baik sahaja menulisnya: fail itu telah diserahkan.
run-file-changed = Tidak diketahui sama ada { $name } telah diserahkan: fail dalam { $shown } telah diubah: SHA-256-nya berbeza, dan lariannya terhenti semasa fail itu hendak muncul; jika tiada sesiapa memegangnya, gunakan --hand-over-again.
run-file-lacking = Tidak diketahui sama ada { $name } telah diserahkan: { $shown } tidak mengandunginya, dan lariannya terhenti semasa fail itu hendak muncul; jika tiada sesiapa memegangnya, gunakan --hand-over-again.
run-cut-record = tidak diketahui sama ada { $file } telah diserahkan: rekod lariannya terpotong, dan hanya mempunyai { $known } daripada { $count } perubahannya: { $shown }
run-cut-record-help = pulihkan rekod daripada git, atau namakan folder dengan --hand-over; jika tiada sesiapa memegang fail itu, gunakan --hand-over-again tanpa --only
run-ask-holder-help = tanya siapa yang memegang fail itu; jika tiada sesiapa, gunakan --hand-over-again
run-nothing-handed-over = Tiada apa-apa diserahkan.
run-folders-unknown = { $count } folder telah diserahkan sebelum ini tanpa rekod, atau rekodnya hilang; contohnya { $first }
run-folders-unknown-help = pulihkan rekod daripada git; gunakan --hand-over-again hanya jika tiada satu pun perubahan itu sudah atau akan dilaksanakan
run-give-folder-help = berikan { $folder } kepada orang yang mengendalikan portal; halamannya menerangkan tindakan yang perlu. Kemudian muat turun eksport baharu dan jalankan arkib semula, untuk melihat yang telah dilaksanakan
run-none = tiada

# Menyimpan pelan.
run-plan-not-applied = pelan { $name } tidak dapat dilaksanakan: { $why }
run-plan-of-some = Tiada pelan disimpan, kerana bukan setiap agensi mempunyai pelan.
run-plan-of-loss = Tiada pelan disimpan, kerana portal nampaknya telah kehilangan peti mel atau arkib; periksa portal dahulu, kemudian laksanakan dengan --accept.
run-plan-unsaved = Pelan tidak dapat disimpan ke { $file }: { $error }.
run-plan-unread = Pelan { $name } tidak dapat dibaca: { $error }. Tiada apa-apa diubah.
run-only-request = { $id } ialah permohonan; peti melnya: { $mailboxes }
run-only-no-address = { $name } bukan alamat peti mel: { $why }
run-unnamed-note = amaran: tiada permohonan menamakan { $mailbox }, maka tiada apa-apa dibuat baginya
run-recent-note = nota: larian terdahulu menghantar { $count } perubahan beberapa saat lalu dan tidak melihat kesannya; portal dibaca selama hingga { $seconds } s sebelum perubahan itu dirancang semula
run-wait-note = nota: --wait tidak memberi kesan jika portal dikendalikan oleh manusia; eksport mereka yang berikutnya menunjukkan hasilnya
run-unmerged-branch = amaran: cabang { $branch } belum digabungkan ke { $main }: apa yang hanya dibawa olehnya turut dilaksanakan, dan mungkin belum disemak oleh sesiapa
run-not-confirmed = Tidak disahkan: tiada apa-apa diubah.
run-confirm = { $question } (ya atau tidak):
run-answer-yes-or-no = Sila jawab ya atau tidak.
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
run-ask-notices = { $mails ->
    [0] Tulis
   *[other] Hantar { $mails } e-mel
  }{ $pages ->
    [0] {""}
   *[other] { $mails ->
        [0] {""}
       *[other] {" "}dan tulis
      } { $pages } halaman untuk dicetak
  }?

# Daripada pinggir program.
run-unknown-request = tiada permohonan { $id } dalam folder ini
run-unknown-request-help = semak id itu; `arkib status --all` menyenaraikan permohonan terbuka
run-unwritten = { $file } tidak dapat ditulis: { $error }; { $help }.
run-result-unwritten = Hasil tidak dapat ditulis: { $error }
run-interrupted-by = Dihentikan ({ $signal }){ $place ->
    [terminal] : perubahan yang sedang dilaksanakan disudahkan, tiada yang baharu dimulakan. Hentikan sekali lagi untuk tidak menunggu jawapan.
   *[job] : perubahan yang sedang dilaksanakan disudahkan, tiada yang baharu dimulakan.
  }
run-ended-unwritten = Tamat sebelum semuanya ditulis. Jalankan arkib semula untuk mengetahui apa yang telah dilaksanakan.
run-cannot-ask = soalan tidak dapat ditanya: { $error }. Tiada apa-apa diubah.
run-answer-too-long = jawapan terlalu panjang
run-answer-cut = baris itu sepanjang yang dibenarkan oleh terminal, maka hujungnya mungkin hilang; masukkan sebahagian demi sebahagian
run-answer-not-text = jawapan bukan teks UTF-8
run-no-alert = amaran: makluman tidak dapat dihantar: { $why }
run-alert-unsent = amaran: makluman tidak dihantar: { $why }
run-no-agency-of = amaran: { $mailbox } bukan milik mana-mana agensi dalam folder ini
run-requests-unread = Permohonan tidak dapat dibaca: { $error }{ $so }
run-progress = { $what }: { $done } daripada { $total }
run-notices = menghantar notis
run-reading = membaca peti mel
run-applying = melaksanakan perubahan
run-waiting = menunggu portal selesai
run-users = membaca pengguna
run-no-threads = sistem tidak dapat memulakan bebenang (*threads*): { $error }
run-output-cut = Output tidak cukup ruang bagi semua penamatan.
