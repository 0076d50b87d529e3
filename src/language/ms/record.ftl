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
record-fork = larian ini dan { $other } menyusuli larian yang sama
record-fork-help = larian itu berjalan pada masa yang sama, atau salah satunya tidak berada di tempatnya: setiap perubahan masih dibuat sekali sahaja, tetapi notis mungkin diberikan dua kali; tetapkan CI supaya menjalankan satu pada satu masa (concurrency, resource_group)
record-lost = rekod yang hilang semasa lariannya berjalan ada selengkapnya di sini, dan hanya dikira di tempatnya
record-lost-help = pindahkannya ke { $shown }/{ $name }, menggantikan yang ada di situ
record-remove-help = keluarkannya daripada folder; git menunjukkan siapa yang menambahnya
record-lost-in-git = { $count } rekod dalam git hilang atau berubah pada cakera, contohnya { $first }, dan hanya rekod menyatakan perkara yang telah diserahkan
record-emptied = { $count } rekod kosong
record-problems = { $count } masalah
record-large = fail ini lebih besar daripada { $most } bait

# arkib records.
record-read = { $records } rekod, { $found }
record-read-heads = { $records } rekod, { $found }; yang terbaharu berakhir dengan { $heads }

# Rekod yang tidak dapat dibaca.
record-unreadable = rekod dalam { $shown } tidak dapat dibaca: { $error }
record-unreadable-help = betulkan ini dahulu; tiada apa-apa diubah tanpa rekod
record-not-read = Rekod dalam { $shown } tidak dapat dibaca: { $error }
record-not-read-help = betulkan kebenaran (permissions), supaya tiada rekod tertinggal
record-restore-help = pulihkan rekod daripada git: `git restore` mengembalikannya
