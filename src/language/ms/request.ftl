# arkib request.

request-dry = Larian cuba: { $file } tidak ditulis.
request-wrote = { $file } telah ditulis.
request-wrote-mailboxes = { $file } telah ditulis; { $count } peti mel dinamakan di dalamnya.

# Dialog: soalannya mengikut susunan surat.
request-first-question = Ini soalan pertama. Ctrl-C untuk berhenti; tiada apa-apa ditulis.
request-ask-enable = Peti mel arkib yang mana hendak diaktifkan? Taip alamat peti mel, sebahagian
    daripadanya untuk mencari, beberapa alamat sekali gus, atau nama fail senarai
    (CSV, Excel).
request-ask-terminate = Peti mel arkib yang mana hendak ditamatkan? Taip alamat peti mel, sebahagian
    daripadanya untuk mencari, beberapa alamat sekali gus, atau nama fail senarai
    (CSV, Excel).
request-ask-mailbox = Peti mel { $number }:
request-ask-mailbox-help = ↓ memilih cadangan, Enter menambahnya
request-ask-more-help = Enter pada baris kosong: selesai · -2 mengeluarkan nombor 2
request-removed = Dikeluarkan: { $mailbox }
request-no-mailbox = Sekurang-kurangnya satu peti mel diperlukan.
request-no-such-number = Tiada nombor { $number } dalam senarai { $count } ini.
request-which-removed = Yang mana? Taip - dan nombornya dari 1 hingga { $count }.
request-not-an-address = `{ $found }` bukan alamat peti mel seperti siti.aminah@agensi.example.
request-nobody-like = Portal tiada peti mel seperti `{ $part }`; taip alamat penuh untuk menggunakannya.
request-several-like = { $count } peti mel sepadan; pilih satu dengan ↓, atau taip lagi.
request-already-listed = { $mailbox } sudah ada dalam senarai.
request-foreign = { $mailbox } bukan milik agensi ini; domainnya ialah { $domains }.
request-and-more = … dan { $count } lagi
request-first-and-more = { $first } dan { $count } lagi
request-note-on = `{ $mailbox }`: { $why }
request-archive-state = arkib { $state }
request-account-state = akaun { $state }
request-list-line = baris { $line }: { $problem }
request-list-unread = Senarai { $file } tidak dapat digunakan: { $why }{ $more ->
    [0] {""}
   *[other] {" "}(dan { $more } lagi)
  }
request-ask-withdrawn = Permohonan yang mana ditarik balik?
request-withdrawable = { $id } · { $day } · { $action } { $mailboxes }
request-withdrawable-pending = { $id } · { $day } · { $action } { $mailboxes } (belum diluluskan)
request-nothing-to-withdraw = Tiada apa-apa ditulis: tiada permohonan yang boleh ditarik balik.
request-ask-received = Bilakah permohonan diterima?
request-ask-received-help = contoh 20/11/2026, 20 November 2026 atau 2026-11-20; Enter: tarikh di atas
request-day-in-future = { $day } ialah tarikh akan datang; hari ini { $today }.
request-ask-channel = Bagaimanakah permohonan diterima?
request-channel-email = 1 e-mel
request-channel-memo = 2 memo
request-channel-letter = 3 surat
request-channel-form = 4 borang
request-channel = melalui { $channel }
request-ask-reference = Apakah rujukannya (Ruj. Tuan)?
request-ask-reference-help = contoh CONTOH.600-1/2/3 (12)
request-ask-applicant = Siapakah pemohon (alamat e-mel)?
request-ask-name = Nama pemohon, seperti dalam surat?
request-ask-file = Fail agensi (Ruj. Kami)?
request-ask-effective = Mulai tarikh berapa?
request-ask-effective-help = contoh 1/12/2026; Enter: sebaik sahaja diluluskan
request-effective-at-once = sebaik sahaja diluluskan
request-ask-reason = Apakah sebabnya, dalam satu ayat?
request-optional = Enter: dibiarkan kosong
request-ask-document = Dokumen imbasan { $number }:
request-ask-document-help = lokasi fail, Tab melengkapkannya; Enter: tiada
request-ask-other-document-help = lokasi fail lain; Enter: selesai · -1 mengeluarkan nombor 1
request-document-empty = { $file } kosong
request-document-missing = tiada fail { $file }
request-document-unread = { $file } tidak dapat difailkan: { $why }
request-documents-help = gunakan fail biasa, paling besar 100 MiB
request-many-documents = satu permohonan menerima paling banyak { $most } dokumen
request-many-documents-help = gabungkan beberapa halaman dalam satu fail

# Semakan sebelum fail ditulis.
request-review = Permohonan { $id }: { $what } { $count } peti mel arkib
request-review-withdraw = Permohonan { $id }: { $what } { $withdraws }
request-label-mailboxes = peti mel
request-label-withdraws = menarik balik
request-label-received = diterima
request-label-channel = cara
request-label-reference = rujukan
request-label-applicant = pemohon
request-label-name = nama
request-label-file = fail agensi
request-label-effective = kuat kuasa
request-label-reason = sebab
request-label-documents = dokumen
request-label-written = fail
request-left-out = dibiarkan kosong
request-review-error = Salah: { $problem }
request-review-warning = Perhatian: { $problem }
request-ask-write = Tulis fail ini?
request-ask-write-help = tidak: ubah jawapan, atau berhenti
request-ask-change = Apakah yang hendak diubah?
request-change-nothing = tiada: lihat sekali lagi
request-stop = berhenti; tiada apa-apa ditulis
request-ask-branch = Bagaimana hendak diteruskan?
request-branch-again = cuba lagi, setelah perkara itu dibuat di tetingkap lain
request-without-branch = tulis fail tanpa cabang
request-taken = nota: seseorang baru sahaja menulis { $file }; arkib menggunakan id berikutnya.
request-others-faster = larian lain mengambil setiap id baharu dahulu
request-unwritable = { $file } tidak dapat ditulis: { $why }.
request-other-problems = nota: fail lain bermasalah ({ $problems }); `arkib check` menunjukkannya
request-portal-unread = nota: portal tidak dapat dibaca, maka kesilapan alamat hanya dikesan kemudian: { $why }
request-not-valid = Tiada apa-apa ditulis. Tidak sah:{ $wrong }
request-missing-mailboxes = peti mel: MAILBOX…, atau --from-file FILE
request-missing-id = permohonan yang ditarik balik: ID
request-missing-channel = cara diterima: --channel email|memo|letter|form
request-missing-reference = rujukan fail: --reference TEXT

# Perkara yang menghalang permohonan baharu, atau menjadikannya tidak perlu.
request-warn-received = tarikh penerimaan ialah { $day }, iaitu tarikh akan datang
request-warn-received-help = betulkan tarikh itu jika tersilap
request-warn-effective = permohonan berkuat kuasa pada { $day }, iaitu tarikh yang telah lalu
request-warn-effective-help = permohonan berkuat kuasa pada hari kelulusannya; jika itu yang dimaksudkan, tinggalkan `effective`
request-warn-approvers = setiap pelulus dalam dasar ialah pemohon atau salah satu peti mel itu
request-warn-approvers-help = failkan peti mel pelulus sebagai permohonan berasingan, atau tambah pelulus lain dalam dasar dahulu
request-warn-withdrawn = `{ $id }` telah ditarik balik oleh { $other }
request-warn-withdrawn-help = jangan failkan permohonan ini
request-warn-same = { $other } memohon perkara yang sama dan menunggu kelulusan
request-warn-same-help = failkan permohonan ini hanya jika diterima dengan dokumen yang lain
request-warn-protected = `{ $mailbox }` dilindungi oleh dasar: penamatannya akan dihalang
request-warn-protected-help = tinggalkan peti mel itu, atau keluarkannya daripada `protected` dalam dasar dahulu, dalam perubahan berasingan
request-warn-asked = { $other } telah memohon perkara yang sama ({ $verb } `{ $mailbox }`) dan menunggu kelulusan
request-warn-asked-help = tinggalkan peti mel itu, kecuali jika dokumen ini lain
request-obstacle-help = semak peti mel itu dalam portal; tinggalkannya jika alamat itu silap
request-no-account = tiada akaun sedemikian dalam portal
request-ambiguous = lebih daripada satu akaun dalam portal mempunyai alamat ini
request-already-enabled = arkibnya telah diaktifkan
request-already-enabling = portal sedang mengaktifkan arkibnya
request-no-archive = tiada arkib untuk ditamatkan
request-already-terminated = arkibnya telah ditamatkan
request-already-terminating = portal sedang menamatkan arkibnya
request-on-hold = dalam penahanan di bawah undang-undang, maka arkibnya mesti kekal
request-account-not-active = akaunnya { $state } dalam portal
