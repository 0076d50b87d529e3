# Pelan: baris, jumlah dan catatannya.

plan-requests = permohonan { $requests }
plan-source-folder = dalam { $folder } (bukan dalam git)
plan-source-unknown = dalam { $folder } ({ $error })
plan-source-commit = pada { $commit }
plan-source-branch = pada { $commit } ({ $branch })
plan-source-without = { $source } tanpa { $count } fail daripadanya
plan-source-changed-in = { $source } dengan perubahan yang belum di-commit dalam { $files }
plan-source-changed = { $source } dengan perubahan yang belum di-commit
plan-source-on-base = { $source } di atas { $base }
plan-source-base = { $name } pada { $commit }
plan-portal = portal { $portal }
plan-as-of = setakat { $day }
plan-shard = bahagian { $shard }
plan-export-read = eksport { $name } bertarikh { $taken }
plan-title = Pelan { $digest }: { $totals }
plan-large-hint = Semua penamatan dan baris pertama setiap permohonan dipaparkan; --format json memaparkan semuanya.

# Perkara yang akan dilaksanakan, dalam angka.
plan-to-terminate = { $count } akan ditamatkan
plan-to-enable = { $count } akan diaktifkan
plan-to-terminate-later = { $count } akan ditamatkan kemudian
plan-to-enable-later = { $count } akan diaktifkan kemudian
plan-to-terminate-once-approved = { $count } akan ditamatkan setelah diluluskan
plan-to-enable-once-approved = { $count } akan diaktifkan setelah diluluskan
plan-count-blocked = { $count } terhalang
plan-no-archive-change = tiada perubahan pada arkib
plan-nothing-to-do = tiada apa-apa perlu dibuat
plan-count-in-progress = { $count } sedang dilaksanakan
plan-count-in-sync = { $count } selaras
plan-count-unmanaged = { $count } tidak diurus
plan-count-pending = { $count } menunggu kelulusan
plan-count-requests = { $count } permohonan
plan-count-scheduled = { $count } dijadualkan
plan-count-prevented = { $count } dicegah
plan-count-withdrawn = { $count } ditarik balik
plan-count-policies = { $count } perubahan dasar
plan-count-files = { $count } fail lain diubah
plan-to-terminate-without-it = { $count } akan ditamatkan, bukan disebabkannya

# Di bawah jumlah.
plan-outstanding = Tanpa pull request ini: { $totals }{ $drift ->
    [0] {""}
   *[other] ; { $drift } daripada perubahan ini ialah perbezaan di luar permohonan
  }.
plan-no-other-mailbox = Tiada permohonan yang menamakan peti mel lain.
plan-not-read = Tidak dibaca: { $count } peti mel bagi permohonan lain; dengan --drift, peti mel itu turut dibaca dan dikira.
plan-how-to-approve = Untuk meluluskan, pada cabang ini: { $command }
plan-other-files = Fail lain dalam pull request ini:
plan-policy-new = { $file } ialah dasar baharu; dasar ini terpakai selepas penggabungan
plan-policy-changes = { $file } diubah; sehingga digabungkan, dasar semasa terpakai
plan-limits-accepted = Pelan ini melebihi had dan diterima melalui cernaannya:
plan-limits-exceeded = Pelan ini tidak dilaksanakan kerana melebihi had:
plan-written-words = Ditulis pada portal:
plan-unseen-word = belum ada peti mel dalam portal yang mempunyai perkataan `{ $word }`; cuba `arkib portal rehearse`

# Perkara yang tidak dipaparkan.
plan-and-more = … dan { $what } lagi; --format json memaparkan semuanya
plan-more = … dan { $count } lagi
plan-changes = { $count } perubahan
plan-files-of-this-kind = { $count } fail sejenis
plan-mailboxes = { $count } peti mel
plan-more-groups = … dan { $groups } dengan { $mailboxes }
plan-more-groups-to-enable = … dan { $groups } dengan { $mailboxes }, untuk diaktifkan
plan-more-singles = … dan { $groups } dengan satu peti mel setiap satu
plan-more-singles-to-enable = … dan { $groups } dengan satu peti mel setiap satu, untuk diaktifkan
plan-more-requests = { $count } permohonan lagi
plan-more-reasons = { $count } sebab lagi
plan-more-causes = { $count } punca lagi

# Kumpulan baris.
plan-request-heading = { $request }: { $verb } { $count }
plan-remark-of = { $count } daripadanya: { $remark }
plan-more-remarks = … dan { $count } catatan lain

# Perkataan pada baris.
plan-blocked = terhalang
plan-prevented = dicegah
plan-withdrawn = ditarik balik
plan-ended = berakhir
plan-recalled = dibatalkan
plan-in-progress = sedang dilaksanakan
plan-in-sync = selaras
plan-unmanaged = tidak diurus
plan-pending = menunggu
plan-scheduled = dijadualkan

# Maklumat pada baris.
plan-approved-by = diluluskan { $day } oleh { $approvers }
plan-approved-so-far = setakat ini diluluskan oleh { $approvers }
plan-reason = sebab: “{ $reason }”
plan-archive = arkib: { $state }
plan-from-day = mulai { $day }
plan-then-from-day = kemudian mulai { $day }
plan-also-without = bukan disebabkan pull request ini
plan-blocked-remark = { $verb }; { $obstacle }
plan-prevented-from-day = tanpa pull request ini, akan { $state } mulai { $day }
plan-prevented-now = tanpa pull request ini, akan { $state }
plan-ends-on-day = mulai { $day }, tiada lagi permohonan yang menentukannya
plan-recalled-done = { $handed } ({ $verb }) dan sudah dilaksanakan, tetapi permohonannya tidak lagi terpakai
plan-recalled-open = { $handed } ({ $verb }) dan tidak lagi dikehendaki: jangan muat naik { $file }
plan-handed-over = telah diserahkan pada { $day }
plan-perhaps-handed-over = mungkin telah diserahkan pada { $day }
plan-lifted-scheduled = dijadualkan pada { $day }; ditarik balik
plan-lifted-due = mulai { $day }; ditarik balik
plan-lifted-pending = { $waits }; ditarik balik
plan-wanted-of-export = { $handed }; { $state } dalam eksport portal, sepatutnya { $wanted }
plan-wanted = { $state } dalam portal; sepatutnya { $wanted }
plan-already-so = { $verb }; sudah sedemikian
plan-no-request-names-it = { $state } dalam portal; tiada permohonan yang menamakannya
plan-not-verified = { $waits }; tidak disahkan: { $reason }
plan-waiting-one = { $verb }; { $waits }
plan-waiting-several = { $verb } { $count } peti mel, yang pertama dipaparkan; { $waits }
plan-waiting-withdrawal-of = { $verb } { $request } ({ $what }); { $waits }
plan-waiting-withdrawal = { $verb } { $request }; { $waits }
plan-drift = perbezaan di luar permohonan: dahulu { $was }, kini { $is } dalam portal
plan-went-back = portal telah kembali kepada keadaan terdahulu: rekod menunjukkan bahawa perubahan ini pernah dibuat
plan-request-withdrawn = { $request } ditarik balik
plan-met-today = sudah sedemikian
plan-today = hari ini: { $what }

# Kelulusan yang belum diterima.
plan-waits-for-approval = menunggu kelulusan
plan-waits-for = menunggu { $count } kelulusan { $has ->
    [0] {""}
   *[other] {"lagi "}
  }daripada { $approvers }
plan-waits-for-others = menunggu { $count } kelulusan { $has ->
    [0] {""}
   *[other] {"lagi "}
  }daripada { $approvers } dan { $others } orang lain
plan-waits-for-nobody = menunggu { $count } kelulusan{ $has ->
    [0] {""}
   *[other] {" lagi"}
  }, dan tiada orang lain yang boleh meluluskan

# Kesan terhadap kandungan arkib.
plan-note-kept-until = portal menyimpan arkib itu hingga { $day }
plan-note-keeping-unknown = mel dalam arkib hilang apabila portal tidak lagi menyimpannya
plan-note-comes-back = arkib yang ditamatkan, yang disimpan oleh portal hingga { $day }, dipulihkan
plan-note-last-day = arkib lama dipadam hari ini, { $day }; jika sudah dipadam, arkib baharu kosong
plan-note-empty-since = arkib lama hanya disimpan hingga { $day }; arkib baharu kosong
plan-note-old-archive-unknown = portal tidak menyatakan sama ada arkib lama dipulihkan

# Sebab sesuatu perubahan tidak dapat dibuat.
plan-obstacle-no-account = tiada akaun sedemikian dalam portal
plan-obstacle-similar-account = tiada akaun sedemikian dalam portal; adakah { $similar } yang dimaksudkan?
plan-obstacle-alias = alamat ini ialah alamat lain bagi { $address }; permohonan mesti menamakan alamat itu
plan-obstacle-renamed = alamat akaun ini kini { $address }; permohonan mesti menamakan alamat itu
plan-obstacle-another-account = akaun ini diwujudkan selepas permohonan diluluskan, maka mungkin milik orang lain; jika akaun ini yang dimaksudkan, failkan permohonan baharu
plan-obstacle-another-account-since = akaun ini diwujudkan pada { $day }, selepas permohonan diluluskan, maka mungkin milik orang lain; jika akaun ini yang dimaksudkan, failkan permohonan baharu
plan-obstacle-unreadable-row = eksport mempunyai baris dengan alamat yang tidak dapat dibaca dan mungkin peti mel ini: { $place }
plan-obstacle-ambiguous = tidak jelas akaun mana dalam portal mempunyai alamat ini: beberapa akaun mempunyainya, atau satu akaun mempunyainya antara beberapa alamat tanpa alamat utama
plan-obstacle-account-disabled = akaun ini tidak aktif dalam portal
plan-obstacle-account-deleted = akaun ini telah dipadam dalam portal
plan-obstacle-account-about-to-be-deleted = akaun ini akan dipadam dalam portal
plan-obstacle-account-not-active = akaun ini tidak aktif dalam portal: { $state }
plan-obstacle-hold = arkib ini tertakluk kepada penahanan di bawah undang-undang
plan-obstacle-protected = dasar melindungi arkib ini daripada penamatan
plan-obstacle-unknown-state = portal melaporkan keadaan yang tidak dikenali oleh arkib: { $state }
plan-obstacle-unverified = kelulusan { $request } tidak disahkan: { $reason }
plan-not-signed = { $approver } tidak menandatanganinya
plan-other-signer = tandatangan { $approver } tidak dikira: tandatangan itu milik { $signer }
plan-same-key = tandatangan { $approver } tidak dikira: kuncinya turut menandatangani bagi { $other }
plan-signature-fault = tandatangan { $approver } tidak dikira: { $fault }

# Had yang dilebihi oleh pelan.
plan-limit-terminations = { $count } penamatan, { $more } lebih daripada had { $most } (limits.terminations)
plan-limit-changes = { $count } perubahan, { $more } lebih daripada had { $most } (limits.changes)
plan-limit-percent = { $count } daripada { $kept } arkib akan ditamatkan, iaitu { $percent } %, melebihi had { $most } % (limits.terminations_percent)
plan-limit-portal-new = { $others } daripada { $seen } akaun yang dinamakan dalam permohonan diwujudkan selepas permohonannya, atau bukan akaun dalam rekod; jika portal ditubuhkan semula, nyatakan tarikhnya dalam dasar (portal_since)
plan-limit-undone = portal menunjukkan { $undone } daripada { $recorded } perubahan dalam rekod tidak lagi berkuat kuasa; portal mungkin dipulihkan daripada sandaran atau bukan portal yang betul, atau perkataan dasar bagi keadaan mungkin mempunyai makna yang berbeza daripada dahulu
plan-limit-gone = portal menunjukkan { $gone } daripada { $wanted } arkib yang dikehendaki oleh permohonan dahulu diaktifkan tetapi kini tidak lagi; portal mungkin dipulihkan daripada sandaran atau bukan portal yang betul, atau perkataan dasar bagi keadaan mungkin mempunyai makna yang berbeza daripada dahulu
plan-limit-portal-empty = portal tidak menunjukkan sebarang peti mel, tetapi permohonan menamakan beberapa peti mel; mungkin bukan portal yang betul, atau portal telah kehilangan peti mel itu
plan-limit-portal-shrunken = { $missing } daripada { $wanted } peti mel yang arkibnya dikehendaki tiada dalam portal; mungkin bukan portal yang betul, atau portal telah kehilangan peti mel itu

# Fail lain dalam pull request.
plan-file = { $change ->
    [adds] menambah
    [deletes] memadam
   *[changes] mengubah
  } { $what }
plan-file-git-settings = cara git mengendalikan fail: atribut atau modulnya
plan-file-template = teks atau templat notis
plan-file-revocations = senarai sijil yang dibatalkan
plan-file-signers = kunci yang mengesahkan kelulusan
plan-file-policy = perkara yang tidak memberi kesan dalam dasar
plan-file-record = rekod larian
plan-file-hidden = fail tersembunyi
plan-file-document = dokumen yang dinamakan dalam permohonan
plan-file-other-policy = dasar bagi folder lain
plan-file-other = fail yang bukan permohonan

# Sebab pelan yang disimpan sudah lapuk.
plan-stale-other-limits = pelan kini melebihi had lain, atau pada kadar yang berbeza
plan-stale-no-time = masa pelan dibuat tidak dinyatakan
plan-stale-too-old = pelan dibuat { $age } lalu, pada { $made }; --max-age membenarkan { $most }
plan-stale-future = pelan dibuat pada masa hadapan, pada { $made }
plan-no-second = kurang daripada satu saat
plan-seconds = { $seconds } s
plan-hours = { $hours } jam { $minutes } min
plan-stale-digest = cernaannya tidak sepadan dengan perubahannya
plan-stale-no-digest = cernaannya tidak sah
plan-stale-policy = dasar { $agency } telah berubah sejak pelan dibuat
plan-stale-requests = permohonan telah berubah sejak pelan dibuat
plan-stale-loss = semasa pelan dibuat, portal menunjukkan peti mel atau arkib yang jauh lebih sedikit daripada yang dinamakan dalam permohonan
plan-stale-new-change = { $verb } akan dilaksanakan sekarang, tetapi tiada dalam pelan
plan-stale-blocked = kini terhalang: { $obstacle }
plan-stale-handed-over = perubahan ini { $handed }, dan belum ada eksport yang menunjukkannya
plan-stale-in-progress = portal sedang melaksanakannya ({ $state })
plan-stale-not-due = { $request } belum sampai tarikhnya
plan-stale-pending = { $request } menunggu kelulusan
plan-stale-done = tiada apa-apa lagi perlu dibuat; keadaannya seperti dalam permohonan
plan-stale-other-request = kini { $request } yang menentukan, bukan { $before }
plan-stale-other-action = kini { $verb } yang akan dirancang
plan-stale-other-account = kini akaun lain dalam portal
plan-stale-other-state = arkib kini { $is }; semasa pelan dibuat, arkib { $was }
plan-stale-changed-in-portal = telah diubah dalam portal selepas pelan dibuat
plan-stale-note = kesan terhadap melnya telah berubah
plan-stale-cause = puncanya kini { $is }, bukan { $was }
plan-stale-file-new = baharu sejak pelan dibuat
plan-stale-file-deleted = dipadam selepas pelan dibuat
plan-stale-file-changed = diubah selepas pelan dibuat
plan-stale-more-files = … dan { $count } lagi fail diubah

# Pelan yang disimpan.
plan-saved-not-utf-8 = fail itu bukan UTF-8
plan-saved-other = fail itu tidak seperti yang ditulis oleh arkib: { $error }
plan-saved-format = formatnya bukan { $format }
plan-saved-changed = fail itu diubah selepas ditulis oleh arkib
plan-saved = Disimpan ke { $file }: { $count } perubahan; { $options } melaksanakan yang ini sahaja.
plan-sparse = nota: pelan dibuat tanpa { $count } fail dalam commit; fail yang ditinggalkan oleh sparse checkout dikembalikan dengan `git sparse-checkout disable`
plan-shard-applies = Bahagian { $shard } melaksanakan { $own } daripada { $count } perubahan; had dan cernaan ialah bagi seluruh pelan.
plan-shard-accept = --shard membenarkan --accept hanya bersama --plan FILE: tanpanya, bahagian yang bermula kemudian mempunyai pelan lain bagi baki perubahan
plan-shard-accept-help = simpan seluruh pelan dengan --dry-run --plan-out FILE, dan terima pelan itu
plan-not-written = Gagal: { $why }, maka tiada apa-apa diubah.
plan-only-names = (kelulusan: dalam permohonan)
