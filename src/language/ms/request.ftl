# arkib request.

request-dry = Larian cuba: { $file } tidak ditulis.
request-wrote = { $file } telah ditulis.
request-wrote-mailboxes = { $file } telah ditulis; { $count } peti mel dinamakan di dalamnya.

# Kesilapan dalam fail permohonan.
request-id-not-file-name = id `{ $id }` ditemui dalam fail bernama `{ $name }.yaml`; nama kedua-duanya mesti sama
request-id-not-file-name-help = namakan semula fail itu `{ $id }.yaml`, atau betulkan id
request-withdrawal-with-mailboxes = peti mel ditemui dalam penarikan balik, sedangkan penarikan balik meliputi seluruh permohonan
request-withdrawal-with-mailboxes-help = padam `mailboxes`; untuk mengekalkan sebahagiannya, failkan permohonan baharu bagi peti mel itu
request-no-mailboxes-key-help = tambah `mailboxes:` dan di bawahnya satu `- alamat` pada setiap baris
request-no-mailboxes = senarai kosong ditemui; sepatutnya sekurang-kurangnya satu peti mel
request-no-mailboxes-help = namakan peti mel, satu `- alamat` pada setiap baris
request-too-many-mailboxes = lebih daripada sepuluh ribu peti mel ditemui dalam satu permohonan
request-too-many-mailboxes-help = bahagikan permohonan kepada beberapa fail
request-no-withdraws-help = tambah `withdraws: ID` dengan id permohonan yang ditarik balik
request-withdraws-elsewhere = `withdraws` ditemui dalam permohonan yang bukan penarikan balik
request-withdraws-elsewhere-help = tulis `action: withdraw`, atau padam kunci itu
request-mailbox-twice = `{ $mailbox }` ditemui buat kali kedua; peti mel ini sudah menjadi entri { $first }
request-delete-one-help = padam salah satu
request-foreign-domain = `{ $mailbox }` bukan milik agensi ini, yang domainnya ialah { $domains }
request-foreign-domain-help = betulkan alamat itu; peti mel agensi lain difailkan dalam folder agensi itu
request-name-lines = { $lines } baris ditemui; paling banyak { $most }
request-name-lines-help = tulis nama, dan di bawahnya jawatan, pejabat dan alamat
request-name-of-nobody = nama ditemui, tetapi tiada pemohon atau peti mel tunggal yang boleh dikaitkan dengannya
request-name-of-nobody-help = tambah `from: …` dengan alamat pemohon, atau padam nama itu
request-unknown-approver = `{ $approver }` tidak boleh meluluskan: dasar tidak menamakan pelulus ini
request-unknown-approver-help = minta salah seorang pelulus dalam dasar meluluskannya, atau tambah pelulus ini dalam dasar dahulu, dalam perubahan yang berasingan (dalam `former_approvers` jika beliau tidak lagi meluluskan)
request-self-approval = `{ $approver }` meluluskan, tetapi beliau ialah { $role }
request-self-approval-help = minta pelulus lain dalam dasar meluluskan permohonan ini
request-approval-twice = `{ $approver }` meluluskan buat kali kedua
request-approval-twice-help = padam salah satu; setiap kelulusan mesti daripada orang yang berlainan
request-approval-before-receipt = kelulusan pada { $approved } ditemui, sebelum penerimaan pada { $received }
request-approval-before-receipt-help = betulkan salah satu daripada dua tarikh itu
request-withdraws-itself = permohonan ini menarik balik dirinya sendiri
request-withdraws-itself-help = namakan permohonan yang ditarik balik
request-incomplete-help = bandingkan dengan `arkib schema request`
request-incomplete = permohonan ini tidak lengkap
request-effective-early = permohonan ini berkuat kuasa pada { $effective }, sebelum kelulusannya pada { $approved }
request-effective-early-help = permohonan ini berkuat kuasa pada tarikh kelulusannya; jika itu yang dimaksudkan, tinggalkan `effective`
request-approvals-count = { $count ->
    [0] tiada
   *[other] terlalu banyak
  } kelulusan ditemui; sepatutnya 1 hingga { $most }
request-id = `{ $text }` ditemui; sepatutnya 1 hingga 64 huruf, digit, `.`, `_` atau `-`
request-id-fault = `{ $text }` ditemui ({ $fault }); sepatutnya 1 hingga 64 huruf, digit, `.`, `_` atau `-`
request-approvals-count-help = padam `approvals` selagi tiada kelulusan; jika ada, simpan kelulusan yang dikehendaki oleh dasar
request-id-help = pilih id seperti BMT-2026-0042, dan berikan nama yang sama kepada fail
request-role-withdrawn = { $role } dalam permohonan { $id } yang ditarik balik
request-id-twice = id `{ $id }` sudah digunakan oleh { $other }
request-id-case = id `{ $id }` hanya berbeza huruf besar atau kecil daripada `{ $other }` dalam { $file }
request-id-twice-help = berikan id lain kepada permohonan yang lebih baharu, dan namakan semula failnya supaya sepadan
request-withdraws-unknown = tiada permohonan dengan id `{ $withdraws }`
request-withdraws-unknown-help = berikan id permohonan agensi ini; id ialah nama failnya
request-withdraws-withdrawal = `{ $withdraws }` itu sendiri ialah penarikan balik
request-withdraws-withdrawal-help = supaya permohonan pertama berkuat kuasa semula, failkannya sebagai permohonan baharu
request-contradiction = mulai { $day }, tindakan permohonan ini bagi `{ $mailbox }` ialah { $verb }, tetapi tindakan { $other } ialah { $other_verb }
request-contradiction-help = berikan tarikh kuat kuasa (`effective`) yang lain, misalnya { $next }, kepada permohonan yang belum digabungkan, luluskannya pada hari lain, atau tarik balik salah satu
request-text-cut = YAML memulakan ulasan di sini, maka teks itu berakhir dengan `{ $kept }`
request-text-cut-help = letakkan seluruh teks dalam tanda petikan; ulasan ditulis pada baris yang berasingan

# Permohonan yang telah digabungkan tidak boleh diubah.
request-renamed = ini ialah permohonan { $shown } yang telah digabungkan, dengan nama lain
request-renamed-help = namakannya semula { $shown }; permohonan yang telah digabungkan tidak boleh diubah
request-deleted = permohonan yang telah digabungkan dipadam
request-deleted-help = pulihkan fail itu; untuk membatalkan permohonan, failkan permohonan baharu dengan `action: withdraw` dan `withdraws: { $id }`
request-more-than-approvals = lebih daripada kelulusan berubah dalam permohonan yang telah digabungkan
request-more-than-approvals-help = gunakan `arkib approve` untuk menambah kelulusan, yang mengekalkan setiap baris lain; perubahan lain memerlukan permohonan baharu
request-edited = permohonan yang telah digabungkan disunting
request-edited-help = pulihkan baris itu; untuk mengubah permohonan, failkan permohonan baharu, atau permohonan dengan `action: withdraw`

# Perkara yang mungkin tidak dimaksudkan dalam permohonan baharu.
request-received-later = tarikh penerimaan ialah { $received }, iaitu tarikh yang akan datang
request-received-later-help = betulkan tarikh itu jika tersilap
request-effective-past = permohonan ini berkuat kuasa pada { $effective }, iaitu tarikh yang sudah berlalu
request-no-approver-left = setiap pelulus dalam dasar ialah pemohon atau salah satu peti mel
request-no-approver-left-help = failkan peti mel pelulus sebagai permohonan yang berasingan, atau tambah pelulus lain dalam dasar dahulu
request-already-withdrawn = `{ $withdraws }` sudah ditarik balik oleh { $other }
request-already-withdrawn-help = jangan failkan permohonan ini
request-withdraws-in-effect = { $done ->
    [yes] `{ $withdraws }` berkuat kuasa pada { $day }, dan portal menunjukkan bahawa permohonan itu telah dilaksanakan
    [no] `{ $withdraws }` berkuat kuasa pada { $day }, dan mungkin dilaksanakan oleh larian seterusnya sebelum penarikan balik digabungkan
   *[unread] `{ $withdraws }` berkuat kuasa pada { $day }; penarikan balik itu sendiri tidak membatalkan apa-apa yang telah dilaksanakan dalam portal
  }
request-withdraws-enabled-help = `arkib status { $withdraws }` menunjukkan apa yang telah dilaksanakan; arkib yang telah diaktifkan kekal aktif: untuk menamatkannya, failkan permohonan penamatan
request-withdraws-enabled-today-help = `arkib status { $withdraws }` menunjukkan apa yang telah dilaksanakan; arkib yang telah diaktifkan kekal aktif: untuk menamatkannya, failkan permohonan penamatan yang berkuat kuasa pada { $next } atau kemudian
request-withdraws-instead-help = selepas itu keadaan peti melnya ditentukan oleh { $other }: `arkib approve` dan `arkib reconcile --dry-run` menunjukkan perubahannya, jika ada
request-withdraws-terminated-help = `arkib status { $withdraws }` menunjukkan apa yang telah dilaksanakan; untuk mendapatkan semula arkib, failkan permohonan pengaktifan sementara portal masih menyimpannya
request-same-waits = { $other } meminta perkara yang sama dan sedang menunggu kelulusan
request-same-waits-help = failkan permohonan ini hanya jika permohonan ini datang dengan dokumen yang lain
request-protected = dasar melindungi `{ $mailbox }`: penamatan akan terhalang
request-protected-help = tinggalkan peti mel itu, atau keluarkannya daripada `protected` dalam dasar dahulu, dalam perubahan yang berasingan
request-mailbox-waits = { $other } sudah memohon tindakan { $verb } bagi `{ $mailbox }` dan sedang menunggu kelulusan
request-mailbox-waits-help = tinggalkan peti mel itu, kecuali jika ini dokumen yang lain
request-look-up-help = cari peti mel itu dalam portal; tinggalkannya jika alamat itu tersilap
request-mailbox-why = `{ $mailbox }`: { $why }
request-portal-ambiguous = lebih daripada satu akaun dalam portal mempunyai alamat ini
request-portal-enabled = arkibnya sudah diaktifkan
request-portal-enabling = portal sedang mengaktifkan arkibnya
request-portal-no-archive = tiada arkib untuk ditamatkan
request-portal-terminated = arkibnya sudah ditamatkan
request-portal-terminating = portal sedang menamatkan arkibnya
request-portal-held = tertakluk kepada penahanan di bawah undang-undang, maka arkibnya mesti dikekalkan
request-portal-account = akaunnya { $word } dalam portal
request-role-applicant = pemohon
request-role-mailbox = salah satu peti mel
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
request-change = { $action } { $mailboxes }
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
request-withdrawable = { $id } · { $day }{ $state ->
    [pending] {" "}(belum diluluskan)
    [done] {" "}(sudah dilaksanakan)
   *[open] {""}
  } · { $action } { $mailboxes }
request-nothing-to-withdraw = Tiada apa-apa ditulis: tiada permohonan yang boleh ditarik balik.
request-ask-received = Bilakah permohonan diterima?
request-ask-received-help = contoh 20/11/2026, 20 November 2026 atau 2026-11-20; Enter: tarikh di atas
request-day-in-future = { $day } ialah tarikh akan datang; hari ini { $today }.
request-ask-channel = Bagaimanakah permohonan diterima?
request-channel-email = 1 e-mel (email)
request-channel-memo = 2 memo
request-channel-letter = 3 surat
request-channel-form = 4 borang
request-channel = melalui { $channel }
request-ask-reference = Apakah rujukannya (Ruj. Tuan)?
request-ask-reference-help = contoh CONTOH.600-1/2/3 (12)
request-ask-applicant = Siapakah pemohon (alamat e-mel)?
request-ask-name = Nama pemohon, seperti dalam surat?
request-ask-file = Fail agensi (Ruj. Kami)?
request-ask-effective = Mulai tarikh berapakah permohonan ini berkuat kuasa?
request-ask-effective-help = contoh 1/12/2026; Enter: sebaik sahaja diluluskan
request-effective-at-once = sebaik sahaja diluluskan
request-ask-reason = Apakah sebabnya, dalam satu ayat?
request-optional = Enter: dibiarkan kosong
request-kept = Enter: dikekalkan; padamkannya untuk membiarkannya kosong
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
request-other-problems = amaran: fail lain bermasalah ({ $problems }); `arkib check` menunjukkannya
request-portal-unread = amaran: portal tidak dapat dibaca, maka kesilapan alamat hanya dikesan kemudian: { $why }
request-not-valid = Tiada apa-apa ditulis. Tidak sah:{ $wrong }
request-missing-mailboxes = peti mel: MAILBOX…, atau --from-file FILE
request-missing-id = permohonan yang ditarik balik: ID
request-missing-channel = cara diterima: --channel email|memo|letter|form
request-missing-reference = rujukan fail: --reference TEXT
request-portal-silent = tiada jawapan dalam { $seconds } saat
request-list-no-file = senarai tidak dapat dibaca: { $error }
request-list-no-file-help = gunakan fail dengan satu peti mel setiap baris, atau jadual
