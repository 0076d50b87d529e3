# arkib register.

register-offline-help = atau gunakan --offline, yang hanya membaca rekod
register-no-current-folder = Folder semasa tidak dapat ditemui: { $error }
register-no-current-folder-help = jalankan arkib dalam folder yang wujud
register-no-request = Tiada permohonan { $id } dalam agensi ini.
register-no-request-help = jalankan `arkib register --format csv`, yang menyenaraikan semua permohonan
register-unwritten = { $file } tidak dapat ditulis: { $error }
register-written = { $file }: { $requests } permohonan. Fail ini mengandungi data peribadi.
register-written-several = { $file }: { $requests } permohonan daripada { $agencies } agensi. Fail ini mengandungi data peribadi.

# Sebagai teks, dalam ulasan.
register-period = diterima { $from } hingga { $to }
register-offline = portal tidak dibaca
register-time = Dari penerimaan hingga selesai: separuh dalam { $median } hari, sembilan daripada sepuluh dalam { $p } hari ({ $count } diukur)
register-portal = Dalam portal: { $unmanaged } tidak diurus, { $drifted } berbeza
register-and-more = { $first } dan { $count } lagi
register-received = diterima { $day }
register-after = selepas { $days } hari
register-open = belum selesai, { $days } hari
