# arkib notify.

notify-none-given = Tiada notis dihantar atau dicetak.
notify-failed = Gagal: { $why }. Tiada notis dihantar atau dicetak.
notify-nobody-informed = Tiada sesiapa dimaklumkan
notify-no-terminal = tiada terminal untuk bertanya: gunakan --yes untuk menghantar notis, atau --dry-run untuk memaparkannya
notify-no-section = Tiada notis dihantar: dasar tidak mempunyai `notices`.
notify-no-section-help = tambah `notices: {"{"}since: { $day }, from: arkib@{ $domain }{"}"}` pada { $file }; notis dihantar tentang permohonan yang diterima mulai hari itu
notify-none = Tiada notis perlu dihantar.
notify-dry-none = Larian cuba: tiada notis perlu dihantar.
notify-dry = Larian cuba: { $count } notis perlu dihantar. Tiada notis dihantar atau dicetak.
notify-not-confirmed = Tidak disahkan: tiada notis dihantar atau dicetak.
notify-no-output = output standard tidak dapat ditulis: { $why }

# Notis yang perlu dihantar.
notify-kind = { $kind ->
    [received] penerimaan
    [approved] kelulusan
    [blocked] halangan
    [enabled] pengaktifan
    [terminated] penamatan
    [withdrawn] penarikan balik
   *[other] { $kind }
  }
notify-again = sekali lagi: { $about }
notify-outcome = { $count } { $outcome ->
    [sent] dihantar
    [printed] sedia untuk dicetak
    [refused] ditolak
    [deferred] ditangguhkan
    [unknown] tidak diketahui
   *[none] belum dihantar
  }
notify-none-again = nota: tiada notis tentang { $id } untuk diulang sekarang; `arkib status { $id }` memaparkan kedudukannya
notify-none-to = nota: ada permohonan yang menamakan { $to }, tetapi tiada notis kepada alamat ini perlu dihantar sekarang
notify-unnamed = nota: tiada permohonan yang menamakan { $to }
notify-waits = notis tentang { $id } menunggu sehingga portal selesai dengan { $mailboxes }
notify-unverified = amaran: kelulusan { $id } belum disahkan, maka tiada notis tentangnya dihantar
notify-unconfirmed = { $count } notis telah dihantar sebelum ini dan mungkin tidak sampai. `--again ID --to ADDRESS` mengulang satu daripadanya.
notify-left-out = { $count } permohonan diterima sebelum { $day }, iaitu `notices: since` dalam dasar: tiada notis tentangnya.

# Sebab notis tidak dihantar.
notify-not-accepted = ini bukan notis yang diterima dengan --accept; cernaannya { $digest }
notify-not-accepted-help = semak notis di atas; jika betul, terima cernaannya
notify-unreliable-help = betulkan ini; atau semak notis dengan --dry-run, dan jika setiap notis betul, benarkan notis ini sahaja: --accept { $digest }
notify-over-limit = { $count } notis perlu dihantar, melebihi had dasar sebanyak { $limit }
notify-over-limit-help = semak dengan --dry-run; jika setiap satu betul, benarkan notis ini sahaja: --accept { $digest }
notify-records-unreliable = rekod larian terdahulu mempunyai { $problems }, maka tidak diketahui siapa yang telah dimaklumkan; `arkib records verify` memaparkannya
notify-other-day = hari ini { $today }, dan notis tentang portal sebenar hanya dihantar setakat hari ini
notify-template-uncommitted = templat { $template } berbeza daripada yang dalam commit
notify-template-uncommitted-help = buat commit bagi templat dahulu; --allow-uncommitted adalah bagi raptai
notify-no-record-help = tiada notis dihantar tanpa rekod; gunakan folder lain dengan --records DIR

# Templat dan jata.
notify-message-unmade = e-mel tidak dapat disediakan: { $why }
notify-unrendered = templat tidak dapat diisi: { $error }
notify-template-broken = satu templat tidak dapat digunakan: { $place }: { $why }
notify-template-broken-help = betulkannya, atau keluarkannya supaya templat arkib digunakan; docs/ms/NOTICES.md menerangkan pemboleh ubahnya
notify-template-not-text = { $file } bukan UTF-8
notify-template-not-text-help = simpan templat itu sebagai UTF-8
notify-template-irregular = { $file } bukan fail biasa sebesar { $most } KiB atau kurang
notify-template-irregular-help = letakkan fail itu sendiri dalam folder, bukan pautan; kecilkan jata
notify-template-long = kod templat itu mempunyai lebih daripada { $most } perkataan dan tanda
notify-template-endless = templat itu mengambil masa terlalu lama, atau menghasilkan terlalu banyak teks
notify-too-much-text = notis larian ini bersama-sama melebihi { $most } MiB
notify-page-element = halaman hanya boleh mengandungi teks, jadual, gaya dan gambar di dalamnya, bukan `{ $shown }`
notify-no-template = amaran: { $file } bukan templat arkib
notify-no-template-near = amaran: { $file } bukan templat arkib; adakah anda maksudkan `{ $near }`?
notify-unread = { $file } tidak dapat dibaca: { $error }
notify-unread-help = betulkan kebenaran (permissions)
notify-crest = { $file } tidak dapat dijadikan jata: { $why }
notify-crest-help = simpan jata sebagai PNG atau JPEG, tidak melebihi 128 KiB
notify-crest-kind = fail itu bukan gambar PNG atau JPEG
notify-crest-damaged = fail itu terpotong atau rosak
notify-crest-large = saiznya { $width } × { $height } titik, sepatutnya tidak melebihi { $most } setiap sisi
notify-crests = terdapat dua jata, { $first } dan { $second }
notify-crests-help = padamkan salah satu daripadanya

# Halaman untuk dicetak, dan rekod.
notify-no-folder = folder { $folder } bagi halaman untuk dicetak tidak dapat dibuat: { $error }
notify-no-folder-help = gunakan folder lain dengan --output DIR
notify-unwritten = { $file } tidak dapat ditulis: { $error }
notify-unwritten-help = betulkan ini dan jalankan arkib semula, atau gunakan folder lain dengan --output DIR
notify-unrecorded = notis itu tidak dapat direkodkan, maka tidak dihantar: { $error }
notify-incomplete = rekod itu tidak lengkap: { $error }
notify-unrecorded-help = pastikan folder rekod boleh ditulis, dan jalankan arkib semula
notify-recorded = Direkodkan dalam { $file }

# Pelayan mel.
notify-no-server = { $count } e-mel belum dapat dihantar: { $why }
notify-no-way = tiada cara untuk menyampaikannya
notify-not-begun = dihentikan sebelum dihantar
notify-no-connection = tiada sambungan
notify-server = pelayan mel { $server }: { $why }
notify-server-lost = pelayan mel { $server } tidak dapat dihubungi, atau sambungannya terputus { $count } kali berturut-turut: { $why }
notify-server-lost-help = jalankan arkib semula apabila pelayan itu berfungsi; notis yang ditangguhkan akan dihantar ketika itu
notify-server-policy = { $count } mesej berturut-turut ditolak oleh dasar pelayan: { $said }
notify-server-policy-help = pastikan pelayan membenarkan mesin ini dan alamat dalam `notices: {"{"}from: …{"}"}` menghantar; kemudian arkib menghantar notis yang ditangguhkan

# Bagaimana larian tamat.
notify-outcomes = { $counts }.
notify-stopped = { $counts }. Terhenti: { $why }.
notify-interrupted = Dihentikan: { $counts }.
notify-again-help = jalankan arkib semula; notis yang ditangguhkan atau belum dihantar akan dihantar, dan tiada yang dihantar dua kali
notify-again-unknown-help = jalankan arkib semula; notis yang ditangguhkan atau belum dihantar akan dihantar, dan tiada yang dihantar dua kali; notis yang tidak diketahui hasilnya tidak diulang secara automatik: tanya penerimanya, atau gunakan --again ID --to ADDRESS
notify-refused-help = siasat sebabnya, dan maklumkan orang itu dengan cara lain; atau betulkan puncanya, dan ulang notis itu: --again ID --to ADDRESS

# The command line.
notify-id-expected = id permohonan dijangka, contohnya BMT-2026-0042
