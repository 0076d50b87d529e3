# arkib portal: pemeriksaan, portal pembangunan dan portal terbenam.

portal-supports = menyokong
portal-login = log masuk
portal-login-not-stated = tidak dinyatakan
portal-has = ada
portal-type-at = { $name } di { $at }
portal-users = pengguna
portal-users-read = { $users }, semuanya dibaca
portal-host-unknown = (tidak diketahui)
portal-no-config = tidak dinyatakan (tiada ServiceProviderConfig); arkib hanya menggunakan apa yang mesti disokong oleh setiap pelayan SCIM
portal-lacks = tiada { $name }
portal-bulk = bulk { $count } perubahan atau { $bytes } bait
portal-pages = halaman dengan { $method }
portal-pages-of = halaman dengan { $method }, paling banyak { $most }
portal-schema = Skema { $id }
portal-more-schemas = Dan { $more } skema lagi
portal-list-of = senarai { $kind }
portal-nobody = tiada sesiapa
portal-user-count = { $count } pengguna
portal-more-attributes = dan { $more } lagi (--format json memaparkan semuanya)
portal-more-unused = dan { $more } lagi yang tiada pada pengguna (--format json memaparkan semuanya)
portal-lists = senarai
portal-dates = tarikh
portal-addresses = alamat
portal-not-shown = { $others } tidak dipaparkan
portal-values = { $count ->
    [one] { $count } nilai
   *[other] { $count } nilai berbeza
  }
portal-more-values = lebih daripada { $count } nilai berbeza
portal-address-count = { $count } alamat
portal-without-address = { $count } tanpa alamat
portal-by-mapping = Menurut pemetaan { $agency }:
portal-by-extension = Menurut sambungan arkib sendiri:
portal-problems = Yang tidak sepadan
portal-warnings = Yang perlu diteliti
portal-fill-in = Isi teks ini dan tampalkannya dalam agency.yaml, menggantikan baris `portal: …`:
portal-broken-policy = terdapat penemuan dalam { $file }, maka pemetaannya tidak digunakan; `arkib check` memaparkannya
portal-no-patch = portal menyatakan bahawa PATCH tidak disokong, maka arkib tidak dapat mengubah apa-apa di dalamnya; minta pengendalinya membenarkan PATCH

# Kesudahan pemeriksaan.
portal-read-only = arkib dapat membaca portal ini, tetapi tidak dapat mengubah apa-apa di dalamnya.
portal-needs-mapping = Portal ini memerlukan pemetaan: isi yang di atas, kemudian periksa portal sekali lagi.
portal-bad-extension = Portal ini mempunyai sambungan arkib sendiri, tetapi arkib tidak dapat berfungsi dengannya.
portal-bad-mapping = Pemetaan dalam dasar tidak sepadan dengan portal ini.
portal-fix-policy = Betulkan dasar dahulu.
portal-good-extension = Portal ini mempunyai sambungan arkib sendiri: pemetaan tidak diperlukan; tulis `portal: scim` dalam agency.yaml.
portal-good-mapping = Pemetaan dalam dasar sepadan dengan portal ini.

# Portal pembangunan.
portal-ready = Portal pembangunan sudah sedia, dengan { $count } peti mel daripada { $place ->
    [roster] senarai akaun
    [other] pangkalan datanya; senarai akaun berbeza dan tidak digunakan
   *[database] pangkalan datanya
  }. Ctrl-C menghentikannya.
portal-stopped = Portal telah berhenti.
portal-serve-failed = Gagal: { $error }
portal-does-not-start = portal tidak dapat dimulakan; lihat --listen dan --database: { $error }
portal-token-file = fail token { $file }: { $error }
portal-no-token = fail token { $file } tidak mengandungi token: sekurang-kurangnya { $count } huruf, angka atau tanda tanpa ruang dijangka
portal-file = fail { $file }: { $error }

# Portal terbenam.
portal-not-built-in = arkib ini dibina tanpa portal terbenam
portal-not-built-in-help = gunakan binaan dengan ciri `embedded`, atau `portal: scim` dalam dasar
portal-embedded-fails = portal terbenam tidak dapat dimulakan: { $error }
portal-embedded-fails-help = kosongkan ruang jika cakera penuh; jika pangkalan data rosak atau daripada versi lain, padamkannya, kerana ia hanya untuk raptai
portal-no-mailboxes = portal terbenam belum mempunyai peti mel, dan { $file } tiada
portal-no-mailboxes-help = wujudkan fail itu, dengan baris `mailbox,state` dan kemudian baris seperti `siti.aminah@agensi.example,disabled` bagi setiap peti mel; atau gunakan fail lain dengan --roster FILE
portal-no-random = sistem tidak memberikan nombor rawak bagi token
portal-no-random-help = ini tidak sepatutnya berlaku; cuba lagi, dan jika berlaku semula, laporkannya
portal-roster-unread = senarai akaun { $name } tidak dapat dibaca: { $error }
portal-roster-unread-help = semak laluan dan kebenarannya; atau gunakan fail lain dengan --roster FILE
portal-roster-help = lajurnya ialah { $columns }
portal-no-folder = folder { $folder } tidak dapat diwujudkan: { $error }
portal-no-folder-help = gunakan tempat lain dengan --database FILE
portal-other-roster = amaran: portal terbenam mengekalkan peti melnya, walaupun senarai akaun telah berubah sejak kali pertama ia dimulakan. Padam pangkalan datanya untuk bermula semula.
portal-opening = membuka portal

# Apa yang diminta daripada portal apabila gagal, atau sedang ditunggu.
portal-doing = { $word ->
    [connect] menyediakan sambungan ke portal
    [token] meminta token capaian
    [capabilities] bertanya kepada portal tentang kemampuannya
    [schemas] meminta skema daripada portal
    [kinds] meminta jenis sumber daripada portal
    [list] membaca senarai peti mel
    [look-up] mencari peti mel
    [one] membaca satu peti mel secara berasingan
    [again] membaca peti mel sekali lagi
    [bulk] mengubah beberapa peti mel sekali gus
   *[change] mengubah peti mel
  }
portal-silent = { $doing }: tiada jawapan selama { $seconds } saat, masih menunggu
portal-pause = { $doing }: percubaan seterusnya dalam { $seconds } saat
portal-away = nota: portal tidak menjawab; menunggunya, sehingga { $seconds } saat kesemuanya
