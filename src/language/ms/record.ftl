# Rekod larian.
record-torn = baris terakhir terpotong: larian terhenti semasa menulisnya
record-torn-help = tiada tindakan diperlukan; larian berikutnya menyemak dalam portal perkara yang belum selesai
record-line-ends = hujung baris tidak seperti yang ditulis oleh arkib (CR LF)
record-line-ends-help = tulis `* -text` dalam `.gitattributes` di sisi rekod, supaya git tidak mengubahnya
record-line-changed = baris ini tidak seperti yang ditulis oleh arkib
record-line-changed-help = siasat siapa yang mengubahnya; git mempunyai baris asal
record-empty = rekod ini kosong: lariannya tidak membuat apa-apa, atau barisnya telah dibuang
record-empty-help = jika git mempunyai barisnya, pulihkan daripada git; jika tidak, padamkannya
record-reordered = baris { $found } larian ini ditemui; sepatutnya { $expected }, yang berada di tempat lain
record-line-missing = baris { $found } larian ini ditemui; sepatutnya { $expected }, yang tiada
record-reordered-help = pulihkan susunan baris; git mempunyai yang asal
record-line-missing-help = pulihkan baris yang hilang; git mempunyai yang asal
record-chain-broken = baris ini tidak menyusuli baris sebelumnya
record-chain-broken-help = salah satu daripadanya milik rekod lain; git mempunyai yang asal
record-after-end = baris ini terletak selepas penghujung larian
record-after-end-help = padamkannya; larian tidak menulis apa-apa selepas penghujungnya
record-no-end = larian ini tidak selesai, atau baris terakhirnya telah dibuang
record-no-end-help = jika larian itu tidak dihentikan, siasat siapa yang memendekkan rekodnya; git mempunyai yang asal
record-missing = rekod bagi larian sebelum ini, atau penghujungnya, tiada
record-missing-help = pulihkan daripada git
record-deleted-here = git mempunyai rekod ini, tetapi rekod ini tiada dalam foldernya; tiada commit yang memadamkannya
record-changed-here = fail ini berlainan daripada yang di-commit dalam git
record-deleted-by = rekod ini telah dipadamkan oleh commit { $commit }
record-deleted-by-merge = rekod ini telah dipadamkan dalam satu penggabungan (merge)
record-deleted-help = cari siapa yang membuatnya, dan pulihkan fail itu daripada git
record-history-cut = klon ini tidak mempunyai commit yang lebih lama, maka rekod yang dipadamkan sebelum itu tidak dapat dikesan
record-history-cut-help = ambil sejarah penuh: `git fetch --unshallow`; dalam CI fetch-depth: 0 atau GIT_DEPTH: 0
record-history-unread = tidak diketahui sama ada rekod telah dipadamkan: { $error }
record-fork = larian ini dan { $other } menyusuli larian yang sama
record-fork-help = larian itu berjalan pada masa yang sama, atau salah satunya tidak berada di tempatnya: setiap perubahan masih dibuat sekali sahaja, tetapi notis mungkin diberikan dua kali; tetapkan CI supaya menjalankan satu pada satu masa (concurrency, resource_group)
record-lost = rekod yang hilang semasa lariannya berjalan ada selengkapnya di sini, dan hanya dikira di tempatnya
record-lost-help = pindahkannya ke { $shown }/{ $name }, menggantikan yang ada di situ
record-remove-help = keluarkannya daripada folder; git menunjukkan siapa yang menambahnya
record-lost-in-git = { $count } rekod dalam git hilang atau berubah pada cakera, contohnya { $first }, dan hanya rekod menyatakan perkara yang telah diserahkan
record-emptied = { $count } rekod kosong
record-problems = { $count ->
    [one] { $count } masalah ({ $place }: { $what })
   *[other] { $count } masalah (yang pertama: { $place }: { $what })
  }
record-large = fail ini lebih besar daripada { $most } bait

# arkib records.
record-read-none = tiada rekod: tiada apa-apa dibuktikan
record-read = { $records } rekod, { $found }
record-read-heads = { $records } rekod, { $found }; yang terbaharu berakhir dengan { $heads }

# Rekod yang tidak dapat dibaca.
record-unreadable = rekod dalam { $shown } tidak dapat dibaca: { $error }
record-unreadable-help = betulkan ini dahulu; tiada apa-apa diubah tanpa rekod
record-not-read = Rekod dalam { $shown } tidak dapat dibaca: { $error }
record-not-read-help = betulkan kebenaran (permissions), supaya tiada rekod tertinggal
record-restore-help = pulihkan rekod daripada git: `git restore` mengembalikannya

# Folder rekod, dan siapa yang menggunakannya.
record-no-folder = tiada folder { $folder } pada cakera bagi rekod
record-no-folder-help = gunakan --records DIR
record-what = { $what ->
    [records] rekod
    [requests] permohonan
   *[hand-over-folder] folder serahan
  }
record-locked = larian lain pada mesin ini sedang menggunakan { $what } yang sama
record-locked-help = jalankan arkib semula apabila larian itu tamat
record-waits = nota: larian lain pada mesin ini sedang menggunakan { $what } dalam { $shown }; larian ini menunggu hingga { $seconds } s
record-unlocked = { $what } dalam { $shown } tidak dapat dikunci: { $error }
record-unlocked-help = betulkan kebenaran (permissions); dua larian serentak tidak boleh membuat perkara yang sama
record-writer-failed = bahagian arkib yang menulisnya gagal
record-rescued = { $why }; rekod penuh larian ini kini { $now }, pindahkannya ke { $place }
record-not-rescued = { $why }; rekod itu juga tidak dapat ditulis di tempat lain: { $error }

# Cabang rekod.
record-branch-unfetched = rekod pada cabang { $name } tidak dapat diambil: { $why }
record-token-unused = nota: ARKIB_RECORDS_TOKEN tidak digunakan: repositori jauh dicapai tanpa kata laluan
record-fetch-help = pastikan `git fetch` berfungsi di sini; tanpa rekod tidak diketahui perkara yang telah dibuat
record-fetch-or-token-help = pastikan `git fetch` berfungsi di sini, atau tetapkan ARKIB_RECORDS_TOKEN; tanpa rekod tidak diketahui perkara yang telah dibuat
record-token-help = semak bahawa ARKIB_RECORDS_TOKEN boleh membaca dan menulis repositori itu; tanpa rekod tidak diketahui perkara yang telah dibuat
record-copies-help = lihat kedua-dua salinan, dan keluarkan yang salah
record-path = laluan { $path } { $fault }
record-differs = { $file } berbeza daripada rekod pada cabang
record-foreign = { $folder } mempunyai { $path }, yang tiada pada cabang
record-foreign-help = tugas CI terdahulu meninggalkannya dalam folder kerja ini: jika itu rekod larian yang gagal ditolak (push), tambahkannya pada cabang secara manual; kemudian padamkan { $folder }, dan mulakan tugas ini dengan klon yang bersih
record-unpushed = Rekod larian ini tidak dapat ditolak (push) ke cabang { $branch }: { $why }. Rekod itu berada dalam { $folder }; larian berikutnya di situ akan menolaknya.

# Paparan `arkib records`.
record-no-policy = tiada dasar dapat dibaca di sini
record-no-policy-help = jalankan `arkib check` untuk melihat sebabnya
record-absent = tiada folder sedemikian
record-absent-help = gunakan --records dengan folder rekod
record-brought = { $file }  dibawa oleh commit { $commit }
record-none-about = Tiada larian dalam rekod tentang { $about }.
record-by = oleh { $by }
record-plan = pelan { $plan }
record-shard = bahagian { $shard }
record-commit = commit { $commit }
record-no-commit = tiada
record-notices = notis
record-rehearsal = raptai pada { $mailbox }, ditemui { $found }
record-first-unread = baris pertama tidak dapat dibaca
record-announced = { $count } dimulakan
record-done = { $count } selesai
record-not-done = { $count } tidak selesai
record-accepted = { $count } diterima oleh portal
record-seen-done = { $count } daripada larian terdahulu didapati selesai
record-open = { $count } belum diketahui hasilnya
record-ended = { $status ->
    [0] larian selesai
    [3] sebahagian dilaksanakan: “{ $reason }”
    [4] ditolak: “{ $reason }”
   *[other] gagal: “{ $reason }”
  }
record-running = masih berjalan
record-cut = terpotong
record-and-more = dan { $count } lagi
record-nobody-known = tidak diketahui siapa yang menjalankan arkib, sedangkan setiap rekod menamakannya
record-nobody-known-help = tetapkan user.name dan user.email git bagi tugas ini, atau pemboleh ubah USER kepada akaun yang menjalankannya
