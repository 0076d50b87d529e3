# arkib portal rehearse.

rehearsal-head = arkib { $version } · { $agency } · portal { $portal } · raptai
rehearsal-found = didapati
rehearsal-not-read = belum dibaca
rehearsal-put-back = kembalikan
rehearsal-wrote = `{ $written }` ditulis
rehearsal-wrote-in-bulk = `{ $written }` ditulis dalam permintaan pukal
rehearsal-read-back = dibaca semula: { $state }
rehearsal-not-read-back = dibaca semula: tidak diketahui
rehearsal-problems = { $count } masalah:

# Soalan.
rehearsal-warning = Arkib peti mel ini akan diaktifkan dan ditamatkan sekarang, kemudian dikembalikan seperti asal. Penamatan mungkin menghilangkan kandungan arkib, maka gunakan peti mel ujian sahaja.
rehearsal-type-again = Taip alamatnya sekali lagi untuk meneruskan:
rehearsal-not-same = Alamat itu tidak sama: tiada apa-apa diubah.
rehearsal-ask-archive = Lihat halaman portal itu sendiri: adakah peti mel ini mempunyai arkib sekarang? (ya atau tidak)
rehearsal-neither = Jawapan bukan ya atau tidak: tiada apa-apa diubah.
rehearsal-ask-shown = Adakah halaman portal itu sendiri memaparkannya sebagai { $state }? (ya, tidak, atau Enter jika anda tidak dapat melihatnya)

# Kesudahan raptai.
rehearsal-mapping-wrong = Pemetaan itu salah. Tiada apa-apa diubah.
rehearsal-output-lost = Gagal: output tidak dapat ditulis: { $why }. Tiada apa-apa diubah.
rehearsal-proven = Pemetaan terbukti: apa yang ditulis oleh arkib ialah apa yang dibacanya semula.
rehearsal-not-proven = Pemetaan belum terbukti.
rehearsal-stopped = Dihentikan: pemetaan belum terbukti.
rehearsal-as-found = { $mailbox } kembali seperti asal.
rehearsal-without-archive = { $mailbox } tiada arkib, seperti asal, tetapi keadaannya dahulu { $before } dan kini { $now }: portal tidak membenarkan arkib menetapkan { $before }. Jika keadaannya mesti { $before } semula, tanya pengendali portal.
rehearsal-nobody-compared = tiada sesiapa membandingkan setiap perubahan dengan halaman portal itu sendiri; pada terminal, arkib akan bertanya
rehearsal-request-stands = Arkib { $mailbox } { $state }, seperti asal, tetapi peti mel itu masih mengandungi suatu permohonan, kerana { $why }.
rehearsal-request-stands-help = buang permohonan itu dalam halaman portal itu sendiri; apa yang ditulis ada dalam rekod
rehearsal-not-as-found = { $mailbox } belum kembali seperti asal: arkibnya dahulu { $before }, dan keadaannya kini { $now }, kerana { $why }.
rehearsal-not-as-found-help = tetapkan arkibnya kepada { $state } dalam halaman portal itu sendiri, atau minta pengendali portal berbuat demikian; apa yang ditulis ada dalam rekod
rehearsal-not-known = tidak diketahui
rehearsal-cut-short = larian dihentikan sebelum peti mel itu dilihat kembali seperti asal
rehearsal-may-still-show = larian dihentikan, dan perubahan yang terakhir dihantar mungkin muncul kemudian
rehearsal-not-finished = portal belum menyudahkan perubahan yang terakhir
rehearsal-on-hold-now = kini terdapat penahanan di bawah undang-undang

# Masalah selepas suatu perubahan.
rehearsal-refused = portal menolak `{ $written }`: { $detail }
rehearsal-refused-help = betulkan perkataan bagi `{ $word }` dalam `mapping.state.values`, atau tanya pengendali portal apa yang boleh ditulis dengan token ini
rehearsal-no-effect-in-bulk = portal menerima permintaan pukal dengan `{ $written }` tetapi tidak mengubah apa-apa
rehearsal-no-effect-in-bulk-help = minta pengendali portal membaiki /Bulk, atau menyatakan dalam /ServiceProviderConfig bahawa /Bulk tidak disokong
rehearsal-no-effect = portal menerima `{ $written }` tetapi tidak mengubah apa-apa: keadaannya { $state }
rehearsal-no-effect-help = betulkan perkataan bagi `{ $word }` dalam `mapping.state.values`, atau `attribute`; jika kedua-duanya betul, PATCH tidak memberi kesan: beritahu pengendali portal
rehearsal-another-word = `{ $written }` ditulis, tetapi `{ $other }` dibaca semula
rehearsal-another-word-help = betulkan perkataan bagi `{ $word }` dalam `mapping.state.values`: jika `{ $other }` bermaksud { $state }, letakkannya dahulu
rehearsal-another-state = `{ $written }` ditulis, tetapi keadaan arkib yang dibaca semula ialah { $other }
rehearsal-another-state-help = betulkan perkataan bagi `{ $word }` dalam `mapping.state.values`: perkataan lain nampaknya bermaksud { $state }
rehearsal-unfinished = selepas `{ $written }`, portal tidak menyudahkannya: keadaan arkib ialah { $state }
rehearsal-unfinished-help = tanya pengendali portal, atau tunggu lebih lama dengan --wait-timeout
rehearsal-hidden-alone = portal tidak menunjukkan keadaan apabila peti mel itu dibaca sendirian
rehearsal-hidden-alone-help = minta pengendali portal memulangkan atribut itu bagi setiap pengguna
rehearsal-not-in-pages = `{ $written }` dibaca semula, tetapi halaman portal itu sendiri tidak memaparkannya sebagai { $state }
rehearsal-not-in-pages-help = betulkan perkataan bagi `{ $word }` dalam `mapping.state.values`: portal menyimpan perkataan itu tetapi tidak bertindak atasnya
rehearsal-request-changed = `{ $id }` ditulis sebagai permohonan, tetapi `{ $kept }` dibaca semula
rehearsal-request-not-kept = `{ $id }` ditulis sebagai permohonan, tetapi tiada apa-apa dibaca semula
rehearsal-request-not-kept-help = betulkan `mapping.request`, atau tinggalkannya: maka permohonan itu hanya diketahui melalui rekod
rehearsal-changed-meanwhile = orang lain telah mengubah peti mel itu sementara itu: { $what }
rehearsal-changed-meanwhile-help = buat raptai dengan peti mel yang tidak digunakan oleh orang lain
rehearsal-unreadable = peti mel itu tidak dapat dibaca semula: { $why }
rehearsal-unrecorded = perubahan tidak dapat direkodkan, maka tidak dihantar: { $why }
rehearsal-unrecorded-help = gunakan folder lain dengan --records DIR
rehearsal-interrupted = dihentikan
rehearsal-try-again = cuba lagi
rehearsal-extension-help = portal tidak melakukan apa yang dikehendaki oleh sambungan arkib: beritahu pengendalinya
rehearsal-another-address = akaun itu mempunyai alamat lain
rehearsal-on-hold = terdapat penahanan di bawah undang-undang
rehearsal-not-active = akaun itu tidak aktif
rehearsal-archive-changed = keadaan arkibnya telah berubah
rehearsal-not-shown = portal tidak lagi menunjukkan akaun ini
rehearsal-gone = portal tidak lagi mempunyai akaun ini
rehearsal-no-bulk = portal tidak menerima permintaan pukal

# Masalah sebelum perubahan yang pertama.
rehearsal-read-otherwise = arkib membaca keadaan arkib sebagai { $found }, kerana pemetaan mengandungi `{ $attribute }: { $word }`, tetapi halaman portal itu sendiri menunjukkan { $shows ->
    [none] tiada arkib
   *[archive] ada arkib
  }
rehearsal-read-otherwise-help = betulkan `attribute` atau `values` dalam `mapping.state`; `arkib portal inspect` memaparkan atribut dan perkataan portal
rehearsal-read-otherwise-extension-help = jika itu peti mel yang sama, portal tidak menggunakan sambungan arkib seperti yang sepatutnya: beritahu pengendalinya
rehearsal-wrong-way-round-help = perkataan itu terbalik: tulis `values: {"{"} enabled: ["{ $enabled }"], disabled: ["{ $disabled }"] {"}"}` di bawah `mapping.state`

# Peti mel yang boleh digunakan.
rehearsal-names-differ = --mailbox dan --confirm berbeza: { $mailbox } dan { $again }; tiada apa-apa diubah
rehearsal-names-differ-help = namakan peti mel ujian yang sama dalam kedua-duanya
rehearsal-name-twice = tiada terminal untuk bertanya: namakan peti mel itu dua kali, dengan --mailbox dan --confirm
rehearsal-name-twice-help = gunakan peti mel ujian sahaja: penamatan mungkin menghilangkan kandungan arkibnya
rehearsal-say-archive = tiada terminal untuk bertanya: nyatakan dengan --has-archive sama ada peti mel itu mempunyai arkib sekarang
rehearsal-say-archive-help = lihat halaman portal itu sendiri: hanya dengan cara itu pemetaan yang terbalik dapat dikesan
rehearsal-another-mailbox-help = gunakan peti mel ujian yang tidak dinamakan oleh mana-mana permohonan
rehearsal-foreign = { $mailbox } tidak berada dalam domain mana-mana agensi dalam folder ini
rehearsal-foreign-help = gunakan peti mel ujian dalam domain yang ada dalam dasar
rehearsal-several-agencies = { $mailbox } berada dalam domain beberapa agensi dalam folder ini
rehearsal-several-agencies-help = namakan folder satu agensi dengan --requests DIR
rehearsal-of-files = portal ini dikendalikan oleh manusia (portal: files), maka arkib tidak menulis kepadanya
rehearsal-of-files-help = raptai adalah bagi `portal: scim` dan `portal: embedded`; hasil fail yang diserahkan ditunjukkan oleh eksport yang berikutnya
rehearsal-named = { $id } menamakan { $mailbox }
rehearsal-protected = dasar melindungi { $mailbox }
rehearsal-changed = suatu larian telah mengubah { $mailbox } bagi { $id }
rehearsal-was-cut-off = raptai terakhir dengan { $mailbox } terputus ({ $file }): arkibnya dahulu { $before }, dan kini { $now }
rehearsal-was-cut-off-help = kembalikannya seperti asal dalam halaman portal itu sendiri dahulu
rehearsal-of-ref = commit lain mungkin tiada permohonan yang menamakan peti mel itu
rehearsal-of-ref-help = tinggalkan --ref
rehearsal-alias-named = { $alias }, alamat lain bagi { $mailbox }, terdapat dalam suatu permohonan
rehearsal-account-changed = suatu larian telah mengubah akaun ini bagi { $id }, sebagai { $mailbox }
rehearsal-no-account = portal tidak mempunyai akaun { $mailbox }
rehearsal-settling = arkib { $mailbox } kini { $state }
rehearsal-changed-last = menurut portal, { $id } yang terakhir mengubah { $mailbox }
