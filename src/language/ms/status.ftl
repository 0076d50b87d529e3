# arkib status.

status-shown = dipaparkan
status-offline = tanpa portal

# Garis masa peti mel.
status-portal = portal
status-wanted = dikehendaki
status-next = seterusnya
status-no-account = tiada akaun sedemikian
status-wants-nothing = tiada: tiada permohonan pengaktifan atau penamatan yang berkuat kuasa
status-other = lain-lain
status-account = { $state }; akaun { $account }
status-hold = penahanan di bawah undang-undang
status-changed = diubah { $at }
status-changed-for = diubah { $at } bagi { $request }
status-request = bagi { $request }
status-recoverable = portal menyimpannya hingga { $kept }, hari terakhir boleh dipulihkan { $day }

# Tindakan larian berikutnya.
status-next-unknown = tidak diketahui tanpa portal
status-next-again = { $verb } semula, kerana pernah dilaksanakan tetapi tidak lagi begitu
status-next-blocked = tiada, kerana { $obstacle }
status-next-handed-over = tiada; perubahan ini { $handed }, dan eksport portal belum menunjukkannya
status-next-in-progress = belum ada; portal masih melaksanakannya ({ $state })
status-next-on-day = { $verb } pada { $day }, menurut { $id }
status-next-once-approved = { $verb }, setelah { $id } diluluskan
status-next-as-wanted = tiada; keadaannya seperti dalam permohonan
status-next-nothing-due = tiada; tiada permohonan pengaktifan atau penamatan yang berkuat kuasa

# Permohonan.
status-withdrawn-by = { $standing } oleh { $by }
status-withdraws = { $standing }; menarik balik { $request }
status-withdraws-withdrawn-by = { $standing } oleh { $by }; menarik balik { $request }
status-received = diterima { $day } melalui { $channel }, { $reference }
status-received-from = diterima { $day } melalui { $channel }, { $reference }, daripada { $from }
status-name = nama { $name }
status-own-file = fail agensi { $file }
status-approved = diluluskan { $day } oleh { $by }
status-approved-effective = diluluskan { $day } oleh { $by }, berkuat kuasa { $effective }
status-approved-partly = diluluskan oleh { $by }; { $missing }
status-not-approved = belum diluluskan
status-not-verified = tidak disahkan: { $reason }
status-done = dilaksanakan { $day }
status-last-time = percubaan terakhir { $trouble }

# Notis.
status-notice = notis { $kind } kepada { $to } melalui { $channel }, { $outcome } { $day }
status-notice-detail = notis { $kind } kepada { $to } melalui { $channel }, { $outcome } { $day }: { $detail }
status-notice-received = penerimaan
status-notice-approved = kelulusan
status-notice-enabled = pengaktifan
status-notice-blocked = halangan
status-notice-terminated = penamatan
status-notice-withdrawn = penarikan balik

# Semua permohonan yang belum selesai.
status-waits-approver = Menunggu pelulus
status-waits-administrator = Terhalang; pentadbir perlu menelitinya
status-waits-run = Menunggu larian `arkib reconcile` yang berikutnya
status-waits-run-offline = Belum dilaksanakan, menurut rekod
status-waits-portal = Sedang dilaksanakan oleh portal
status-waits-day = Dijadualkan pada hari kemudian
status-withdrawn = { $id } ({ $what })
status-and-more = { $mailbox } dan { $count } lagi
status-received-today = diterima hari ini
status-received-ago = diterima { $count } hari lalu
status-undelivered = Notis yang tidak sampai, atau mungkin tidak sampai
status-nothing-open = Tiada permohonan yang belum selesai.
status-totals = { $open } belum selesai · { $done } selesai · { $replaced } digantikan · { $withdrawn } ditarik balik

# Gambaran keseluruhan agensi.
status-waiting = { $count } permohonan menunggu: { $parts }
status-count = { $count } { $who }
status-for-approver = pelulus
status-for-administrator = pentadbir
status-for-run = larian berikutnya
status-for-portal = portal
status-for-day = tarikhnya
status-age = { $count ->
    [0] hari ini
   *[other] { $count } hari
  }
status-rest = … dan { $count } lagi ({ $parts }); `arkib status --all` menyenaraikan semuanya
status-drifted = { $count } peti mel tidak lagi seperti dalam permohonan; larian berikutnya akan membetulkannya
status-undelivered-count = { $count } notis tidak sampai, atau mungkin tidak sampai; `arkib status --all` menyenaraikan semuanya

# Paparan berulang.
status-watch = { $time }; dibaca semula setiap { $seconds } s; Ctrl-C menamatkannya
status-watch-failed = { $time }: { $reason }
status-watch-last = Paparan di atas dibaca pada { $last }.
status-watch-terminal = --watch melukis pada terminal, dan output bukan terminal
status-watch-terminal-help = tinggalkan --watch; jadual sistem boleh mengulangi perintah itu
status-not-a-subject = `{ $subject }` bukan peti mel atau id permohonan agensi ini
status-needs-portal = arkib tidak dapat menunjukkan tindakan larian berikutnya tanpa portal.
status-needs-portal-help = tinggalkan --offline, atau tambah peti mel, permohonan atau --all
status-next-once-approved-by = { $verb }, setelah { $id } diluluskan; yang boleh meluluskan: { $approvers }
