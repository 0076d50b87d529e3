# arkib approve.

approve-effects-unknown = Tiada apa-apa ditulis, kerana kesan permohonan itu tidak diketahui. { $reason }
approve-effects-unknown-help = atau luluskan dengan --offline, tanpa melihat kesannya
approve-may-have-approval = Tetapi { $file } mungkin sudah mengandungi kelulusan itu; periksalah.
approve-approved = { $id } diluluskan oleh { $by }: { $state }.
approve-dry = Larian cuba: tiada apa-apa ditulis.
approve-open = dan buka pull request, jika belum dibuka.

# Paparan bagi pelulus.
approve-withdraw = tarik balik { $withdraws } ({ $action })
approve-change = { $action } { $count } peti mel arkib
approve-and-more = … dan { $more } lagi, semuanya dalam { $file }
approve-label-mailboxes = peti mel
approve-label-repository = repositori
approve-label-received = diterima
approve-label-reference = rujukan
approve-label-applicant = pemohon
approve-label-name = nama
approve-label-file = fail agensi
approve-label-effective = mulai
approve-label-reason = sebab
approve-label-documents = untuk dibuka
approve-label-approved = diluluskan
approve-label-replaces = menggantikan
approve-label-state = selepas ini
approve-received-by = { $day } melalui { $channel }
approve-document = { $path } ({ $size } bait, tidak berubah)
approve-approved-on = oleh { $by } pada { $day }
approve-state-missing = permohonan { $missing }
approve-state-complete = semua kelulusan telah ada
approve-state-unverified = tetapi { $reason }; minta { $approver } meluluskannya semula
approve-fix-first-help = betulkan dahulu; `arkib check` juga menunjukkannya
approve-once-approved = Setelah semua kelulusan diberikan:
approve-portal-not-read = Portal tidak dibaca; kesannya tidak diketahui.
approve-other-user = ! git mengenali anda sebagai { $user }; kelulusan ini akan menamakan { $approver }
approve-already = { $id } telah mengandungi kelulusan anda; fail itu tidak diubah.
approve-no-request = tiada permohonan dinamakan
approve-ask = Luluskan { $count ->
    [1] { $ids }
   *[other] { $count } permohonan: { $ids }
  } sebagai { $by }, bertarikh { $date }?
approve-who-help = nyatakan diri anda dengan --as ADDRESS, atau dengan `git config user.email ADDRESS`
approve-who-no-git = pelulus tidak diketahui; permohonan itu bukan dalam repositori git
approve-who-no-email = pelulus tidak diketahui; git tiada user.email
approve-who-no-address = user.email git `{ $address }` bukan alamat yang boleh meluluskan
approve-stranger = `{ $approver }` bukan pelulus { $agency }; pelulusnya ialah { $approvers }
approve-in-future = Tiada apa-apa ditulis: { $day } ialah tarikh akan datang.
approve-in-future-help = kelulusan tidak boleh bertarikh akan datang
approve-no-terminal = Tiada apa-apa ditulis: tiada terminal untuk bertanya.
approve-no-terminal-help = gunakan --yes untuk meluluskan tanpa soalan, atau --dry-run
approve-one-id = Tiada apa-apa ditulis: { $option } adalah untuk satu permohonan.
approve-one-id-help = tandatangan adalah bagi satu pernyataan; jalankan arkib bagi setiap permohonan
approve-replaced = kelulusan anda bertarikh { $day }, yang tidak dikira: { $reason }
approve-refused = { $id }: { $why }
approve-no-longer = permohonan itu tidak lagi boleh diluluskan, kerana { $reason }; failkan permohonan baharu, atau, jika kelulusan itu belum digabungkan, minta { $approver } menjalankan arkib approve semula, yang menggantikannya
approve-by-you-already = `{ $approver }` telah meluluskannya pada { $day }
approve-complete-since = semua kelulusannya telah ada sejak { $day }, oleh { $by }
approve-unreadable = { $file } tidak dapat dibaca: { $why }
approve-changed = { $file } telah diubah sementara itu
approve-changed-help = jalankan arkib semula, dan periksa paparannya
approve-unwritable = { $file } tidak dapat ditulis: { $why }
approve-no-signature = dasar menetapkan `provenance: committed`, maka tandatangan tidak ditulis
approve-no-signature-help = tinggalkan --signature
approve-signing = Menandatangani dengan { $name }; jika kunci itu berkelip, sentuhlah.
approve-no-key = tiada kunci untuk menandatangani; git tiada user.signingkey
approve-no-key-help = nyatakan fail kunci SSH anda dengan --key FILE, atau tandatangani teks `arkib approve --print ID` dengan program lain dan gunakan --signature FILE
approve-no-ssh-key = user.signingkey git bukan kunci SSH, kerana gpg.format bukan ssh
approve-signature-help = gunakan fail yang mengandungi -----BEGIN SSH SIGNATURE----- daripada ssh-keygen, atau -----BEGIN CMS----- (`openssl cms` dengan -outform PEM)
approve-signature-unread = tandatangan { $file } tidak dapat dibaca: { $why }
approve-signature-no-text = tandatangan { $file } bukan teks
approve-effects-late = tiada jawapan dalam { $seconds } saat
approve-uncommitted = { $file } mempunyai perubahan yang belum di-commit
approve-uncommitted-help = perubahan itu akan dibawa bersama kelulusan: buat commit baginya dahulu, atau batalkannya dengan `git restore { $file }`
