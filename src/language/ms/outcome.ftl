# Hasil perubahan dalam sesuatu larian.

outcome-applied = { $count } dilaksanakan
outcome-under-way = { $count } diterima dan sedang dilaksanakan oleh portal
outcome-already-so = { $count } sudah sedemikian
outcome-handed-over = { $count } diserahkan
outcome-failed = { $count } gagal
outcome-unknown = { $count } tidak diketahui
outcome-skipped = { $count } dilangkau
outcome-sentence = { $counts }.
outcome-large-hint = Baris pertama dipaparkan; rekod larian dan --format json memaparkan semuanya.

# Perkataan pada baris, dan maklumatnya.
outcome-word-applied = dilaksanakan
outcome-word-already-so = sudah sedemikian
outcome-word-handed-over = diserahkan
outcome-word-failed = gagal
outcome-word-unknown = tidak diketahui
outcome-word-skipped = dilangkau
outcome-settling = diterima; portal masih melaksanakannya

# Sebab perubahan gagal, tidak diketahui atau tidak dicuba.
outcome-token-refused = tidak dicuba, kerana portal menolak token ini: { $detail }
outcome-no-effect = tidak dicuba, kerana portal menerima { $count } perubahan berturut-turut dan masih menunjukkan keadaan lama. Tanya pengendalinya sama ada token ini boleh mengubah keadaan arkib, dan sama ada `mapping` dalam dasar menamakan atribut dan perkataan yang betul; jika portal hanya lewat menunjukkan perubahan, gunakan --wait
outcome-same-failures = tidak dicuba, kerana { $count } perubahan berturut-turut gagal dengan cara yang sama: { $detail }
outcome-account-gone = portal tidak lagi mempunyai akaun ini
outcome-not-read-again = peti mel ini tidak dapat dibaca semula: { $detail }
outcome-interrupted-old = portal menerima perubahan itu, dan masih menunjukkan arkib { $state } semasa larian dihentikan
outcome-not-shown = portal menerima perubahan itu, tetapi kemudian menunjukkan arkib { $state } (selepas { $seconds } s); jika keadaan itu berterusan, tanya pengendalinya sama ada token ini boleh mengubahnya
outcome-other-address = portal kemudian menunjukkan alamat lain bagi akaun itu
outcome-state-hidden = portal kemudian tidak menunjukkan keadaan arkib
outcome-shown-as = portal kemudian menunjukkan arkib { $state }
outcome-by-whom = sudah dilaksanakan, oleh larian ini, yang perubahannya diterima oleh portal, atau oleh pihak lain, kerana portal menamakan permohonan { $request }
outcome-unclear = portal menerima perubahan itu, tetapi { $what }; jalankan arkib semula untuk mengetahuinya
outcome-no-account = portal tidak lagi mempunyai akaun ini
outcome-moved = akaun ini kini mempunyai alamat lain
outcome-hidden-alone = portal tidak menunjukkan keadaan arkib apabila hanya peti mel ini dibaca
outcome-state-now = arkib kini { $is }; semasa pelan dibuat, arkib { $was }
outcome-account-now = akaun kini { $account }; semasa pelan dibuat, akaun aktif
outcome-held-now = arkib kini tertakluk kepada penahanan di bawah undang-undang
outcome-interrupted-unread = larian dihentikan sebelum peti mel ini dibaca semula
outcome-several-accounts = beberapa akaun kemudian mempunyai alamat itu
outcome-account-hidden = portal kemudian tidak menunjukkan akaun ini
outcome-another-account = akaun lain kemudian mempunyai alamat itu
outcome-contradiction = portal bercanggah: portal menunjukkan perubahan itu sudah dilaksanakan apabila hanya peti mel ini dibaca, dan kini menunjukkan arkib { $state }; jalankan arkib semula untuk mengetahuinya
outcome-run-again = { $why }; jalankan arkib semula untuk mengetahuinya
outcome-interrupted = larian dihentikan sebelum perubahan ini dihantar
outcome-failed-unread = { $why }; peti mel ini tidak dapat dibaca semula: { $again }; jalankan arkib semula untuk mengetahuinya
outcome-may-be-done = { $why }; portal menunjukkannya sebagai belum dilaksanakan, tetapi mungkin masih akan dilaksanakan; jalankan arkib semula untuk mengetahuinya
outcome-unrecorded = perubahan ini tidak dapat direkodkan, maka tidak dihantar: { $error }
outcome-unrecorded-file = perubahan ini tidak dapat direkodkan, maka tidak diserahkan: { $error }
outcome-not-read-back = portal menerima perubahan itu, dan belum dibaca semula
outcome-not-asked = diterima, tetapi portal tidak dapat ditanya sama ada sudah dilaksanakan: { $detail }
outcome-tried = { $why }; { $count } kali dicuba
outcome-no-clear-answer = portal tidak memberikan jawapan yang jelas, dan kini { $why }
outcome-already-unclear = sudah sedemikian, oleh larian ini, yang tidak menerima jawapan yang jelas, atau oleh pihak lain
outcome-already-refused = sudah sedemikian, oleh larian ini, yang perubahannya ditolak, atau oleh pihak lain
outcome-already-before = sudah sedemikian semasa perubahan itu hendak dibuat
outcome-not-finished = portal menerima perubahan itu tetapi tidak menyelesaikannya; arkib { $state }
outcome-still-working = portal masih melaksanakannya selepas { $waited } s; jalankan arkib semula untuk mengetahuinya
outcome-interrupted-unanswered = dihentikan semasa portal belum menjawab; jalankan arkib semula untuk mengetahuinya

# Sebab perubahan tiada dalam fail yang diserahkan.
outcome-field-address = alamat
outcome-field-request = id permohonan
outcome-formula = { $field } bermula seperti formula, yang akan dijalankan oleh program hamparan; buat perubahan ini dalam portal secara manual
outcome-character = { $field } mengandungi aksara yang tiada dalam windows-1252; tetapkan `bulk.encoding: utf-8` dalam agency.yaml, atau buat perubahan ini dalam portal secara manual
outcome-control = { $field } mengandungi aksara kawalan; buat perubahan ini dalam portal secara manual
outcome-unsafe-row = baris { $row }: { $why }
outcome-too-many = terdapat { $count } perubahan; satu fail mengandungi paling banyak { $most }
outcome-unwritten = fail tidak dapat ditulis: { $error }
outcome-no-hand-over = tiada apa-apa dapat ditulis ke { $place }: { $error }
outcome-not-published = { $file } tidak dapat diletakkan dalam { $place }: { $error }

# Kemajuan larian.
outcome-nothing-changed = Tiada apa-apa diubah
outcome-no-bulk = portal menjawab permintaan pukal tetapi tidak mengubah apa-apa; perubahan ini dihantar semula satu demi satu
outcome-no-versions = portal menolak versi yang ditunjukkannya sendiri (If-Match, ETag lemah); kini setiap peti mel dibaca sejurus sebelum diubah tanpa versi
outcome-note = nota: { $note }
outcome-next-notify = `arkib notify` kini memaklumkan kepada pengguna
outcome-next-records = buat commit bagi rekod baharu dalam { $folder } dan hantarkannya (git push) tanpa pull request, atau biarkan larian melakukannya (--records-branch)
