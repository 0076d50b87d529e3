# Dokumen yang difailkan bersama permohonan.
evidence-count = { $count } dokumen ditemui; sepatutnya 1 hingga { $most }
evidence-count-help = tinggalkan `evidence` jika tiada dokumen; gabungkan banyak halaman dalam satu fail
evidence-twice = `{ $file }` ditemui buat kali kedua
evidence-missing-help = berikan `file`, `sha256` dan `size` bagi setiap dokumen
evidence-name = `{ $name }` { $why }
evidence-name-help = letakkan dokumen itu di sisi permohonan atau di bawah foldernya, dengan nama seperti BMT-2026-0042-surat.pdf
evidence-name-long = lebih panjang daripada 200 aksara
evidence-name-backslash = mengandungi garis condong terbalik; gunakan garis condong biasa
evidence-name-absolute = tidak bermula dalam folder permohonan
evidence-name-elsewhere = terletak dalam folder yang bukan untuk permohonan
evidence-name-record = bernama seperti rekod larian
evidence-name-taken = mungkin disangka permohonan atau dasar, atau tiada sambungan nama fail
evidence-digest = `{ $found }` ditemui; sepatutnya 64 digit heksadesimal
evidence-digest-help = berikan SHA-256 fail itu, seperti yang dicetak oleh `sha256sum FILE` atau `certutil -hashfile FILE SHA256`
evidence-size = { $bytes } bait ditemui; sepatutnya 1 hingga { $most }
evidence-size-help = berikan saiz fail dalam bait; imbas semula dokumen yang lebih besar
evidence-not-regular = bukan fail biasa
evidence-too-large = lebih besar daripada { $most } bait

# Dokumen itu sendiri.
evidence-missing = dokumen `{ $file }` tiada
evidence-link = pautan atau folder ditemui pada atau di atas `{ $file }`; sepatutnya fail biasa
evidence-bytes = { $count } bait
evidence-document = { $size } dengan SHA-256 { $sha }
evidence-changed = `{ $file }` ditemui dengan { $found }; sepatutnya { $expected }
evidence-unreadable = dokumen `{ $file }` tidak dapat dibaca: { $error }
evidence-permissions-help = betulkan kebenaran (permissions)
evidence-restore-help = pulihkan dokumen itu; dokumen bagi permohonan yang telah digabungkan tidak boleh diubah
evidence-put-help = letakkan fail itu di sisi permohonan, dan masukkannya dalam commit
evidence-original-help = pulihkan fail asal, atau tulis SHA-256 dan saiz fail ini
evidence-link-help = letakkan fail itu sendiri di situ; pautan boleh menunjukkan kandungan fail lain
evidence-just-changed = { $file } baru sahaja diubah
