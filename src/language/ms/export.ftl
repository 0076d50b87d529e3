# Eksport portal: maklumat dalam lajurnya.
export-field-mailbox = alamat peti mel
export-field-state = keadaan arkib
export-field-account = keadaan akaun
export-field-hold = penahanan di bawah undang-undang
export-field-request = permohonan
export-field-changed = masa perubahan terakhir
export-field-kept = tempoh arkib yang ditamatkan disimpan
export-field-created = masa akaun diwujudkan
export-field-id = kunci akaun
export-field-name = nama orang
export-field-post = jawatan
export-field-office = pejabat
export-field-agency = agensi

# Lajurnya.
export-several-columns = beberapa lajur mengandungi { $field }: { $names }
export-no-column = tiada lajur `{ $name }`
export-no-field = tiada lajur yang mengandungi { $field }
export-both = { $one }, dan { $other }
export-columns = { $missing }; lajurnya ialah { $names }
export-no-header = tiada satu pun daripada { $rows } baris pertama ialah pengepala dengan nama lajur
export-no-header-help = muat turun eksport dengan nama lajurnya, antaranya alamat peti mel (seperti `Alamat E-mel`) dan keadaan arkib (seperti `Arkib`)
export-key-help = tetapkan dalam agency.yaml lajur yang mengandungi { $field }: `export: {"{"}columns: {"{"}{ $key }: …{"}"}{"}"}`
export-without-names = tanpa nama
export-again-help = muat turun eksport daripada portal semula
export-many-words = lajur `{ $column }` mempunyai lebih daripada { $most } perkataan berlainan yang tidak dikenali, maka lajur itu tidak mengandungi { $field }
export-month-first = lajur `{ $name }`: sesetengah tarikh menulis bulan sebelum hari, maka tiada tarikh dalam lajur ini digunakan
export-unknown-words = lajur `{ $column }`: { $rows } peti mel mempunyai perkataan yang tidak dikenali, dan tidak diubah: { $said }; tetapkan maknanya di bawah `export.{ $key }` dalam agency.yaml{ $has_empty ->
    [0] {""}
   *[other] {" "}(sel kosong ialah perkataan '')
  }
export-unknown-holds = lajur `{ $column }`: { $rows } peti mel mempunyai perkataan yang tidak dikenali, dan dikira sebagai ditahan: { $said }; tetapkan maknanya di bawah `export.holds` dalam agency.yaml{ $has_empty ->
    [0] {""}
   *[other] {" "}(sel kosong ialah perkataan '')
  }
export-unread-dates = lajur `{ $name }`: { $rows } tarikh tidak dapat dibaca, dan dianggap tiada

# Pemilik barisnya.
export-own-agency-help = muat turun eksport agensi anda sendiri, atau tetapkan `export.agency` dalam agency.yaml kepada nama yang digunakan oleh eksport
export-no-own-row = tiada baris milik agensi `{ $agency }`; eksport ini mempunyai { $count } baris agensi lain
export-few-own = hanya { $own } daripada { $rows } peti mel berada dalam domain anda
export-mostly-of = hanya { $own } daripada { $rows } peti mel berada dalam domain anda; kebanyakannya dalam { $domain }
export-empty = eksport ini mempunyai baris pengepala tetapi tiada peti mel
export-empty-help = muat turun eksport agensi anda sendiri, tanpa penapis
export-own-domains-help = muat turun eksport agensi anda sendiri, atau namakan domainnya di bawah `domains` dalam agency.yaml

# Barisnya.
export-row-large = mempunyai medan yang lebih banyak atau lebih panjang daripada yang mungkin dalam eksport
export-row = { $place } { $what }
export-after-total = { $place } terletak selepas jumlah pada { $total }
export-incomplete = eksport ini tidak lengkap: baris terakhirnya, { $place }, mempunyai medan yang lebih sedikit daripada lajur
export-part = { $place } menyatakan `{ $line }`: eksport ini hanya sebahagian
export-twice = { $count } alamat terdapat dalam lebih daripada satu baris; tidak jelas baris mana yang betul, maka peti mel itu tidak diubah
export-other-total = { $place } memberikan jumlah { $total }, tetapi eksport ini mempunyai { $rows } baris: eksport ini tidak lengkap atau telah diubah
export-row-quote = mempunyai medan beberapa baris yang mengandungi alamat: mungkin tanda petikan tertinggal
export-many-rows = eksport ini mempunyai lebih daripada { $most } baris
export-many-rows-help = muat turun eksport bagi agensi anda sahaja
export-row-agency = tidak mempunyai agensi dalam lajur `{ $name }`; jika sel digabungkan, baris yang lain kosong
export-row-short = berakhir awal: medannya lebih sedikit daripada lajur; jika program hamparan menulisnya begitu, simpan eksport sebagai .xlsx
export-one-table-help = eksport mempunyai satu jadual dengan jumlah di penghujungnya; muat turun setiap jadual secara berasingan
export-row-merged = mempunyai lajur yang berlainan daripada baris pengepala: sel digabungkan merentasi beberapa lajur
export-row-long = mempunyai lebih banyak medan daripada lajur: mungkin sesuatu medan mengandungi pemisah dan tidak diletakkan dalam tanda petikan
export-row-address = tidak mempunyai alamat dalam lajur `{ $name }`
export-all-pages-help = muat turun semua halaman dalam satu eksport, contohnya dengan `all` sebagai bilangan baris setiap halaman; jika baris itu mengira perkara lain, buang baris itu dalam salinan
export-own-date-unused = tarikh eksport itu sendiri juga tidak digunakan
export-date-unread = baris { $number } nampaknya menyatakan tarikh eksport diambil, dalam format yang tidak dapat dibaca oleh arkib
export-date-help = letakkan tarikh dalam nama fail, seperti laporan-2026-11-25.csv
export-odd-addresses = baris dengan alamat yang tidak boleh digunakan dalam permohonan, seperti alamat dengan huruf yang hanya menyerupai huruf Rumi: { $count }; peti mel itu tidak diubah, begitu juga peti mel yang mungkin dimaksudkan
export-row-help = semak baris itu dalam eksport; jika portal menulisnya begitu, buang baris itu dalam salinan, atau muat turun eksport itu semula
export-reading = membaca eksport { $name }
export-large = fail ini mempunyai { $found } bait, tetapi paling banyak { $most } dibaca
export-large-help = muat turun eksport bagi agensi anda sahaja, atau simpan sebagai CSV dengan lajur yang lebih sedikit

# Eksport yang dibaca.
export-no-date = eksport ini tiada tarikh
export-undated = { $file } terletak dalam folder dan tidak menyatakan tarikhnya
export-same-time = { $one } dan { $other } mempunyai masa yang sama
export-hours = { $count } jam
export-days = { $count } hari
export-not-regular = bukan fail biasa
export-folder-empty = tiada .csv atau .xlsx di dalamnya
export-delete-older-help = padam yang lebih lama
export-none = dasar menyatakan `portal: files`, tetapi tiada eksport portal dinamakan
export-none-help = muat turun eksport semua akaun daripada portal, dan gunakan --portal-export FILE (atau ARKIB_PORTAL_EXPORT)
export-none-for-agency = tiada eksport bagi { $agency } dinamakan
export-none-for-agency-help = gunakan --portal-export AGENCY=FILE
export-several-for-agency = beberapa eksport dinamakan bagi { $agency }
export-several-for-agency-help = gunakan --portal-export AGENCY=FILE sekali bagi setiap agensi
export-unreadable = eksport { $name } tidak dapat dibaca: { $why }
export-unreadable-help = gunakan --portal-export FILE dengan eksport yang dimuat turun daripada portal
export-old = eksport ini berusia { $age }, dan --max-export-age membenarkan { $oldest }
export-old-help = muat turun eksport baharu daripada portal; eksport ini tidak menunjukkan perubahan kemudian
export-future = eksport ini bertarikh { $taken }, iaitu masa hadapan
export-future-help = semak jam mesin ini, dan tarikh eksport
export-reading-portals = membaca eksport portal

# Eksport dan rekod larian terdahulu.
export-records-broken = rekod larian terdahulu mempunyai { $problems }, dan hanya rekod menyatakan perkara yang telah diserahkan
export-records-broken-help = `arkib records verify` memaparkannya; pulihkan rekod daripada git
export-older = eksport { $name } bertarikh { $taken }, tetapi larian terdahulu menggunakan eksport yang lebih baharu, { $newer } bertarikh { $newer_taken }
export-new-help = muat turun eksport baharu daripada portal
export-same-content = kandungan eksport { $name } sama dengan { $other }, yang digunakan oleh larian terdahulu sebelum eksport yang lebih baharu, { $newer }
export-same-rows = baris eksport { $name } sama dengan { $other }, yang digunakan oleh larian terdahulu sebelum eksport yang lebih baharu, { $newer }
export-copy-help = muat turun eksport baharu daripada portal; jika ini eksport baharu dan portal kembali kepada keadaan dahulu, tambah baris dengan tarikh dan masa di atas jadualnya, seperti `Tarikh laporan: 25/11/2026 10:30`
export-remark = amaran: { $name }: { $remark }
