# Kesilapan pada baris perintah.

command-error = ralat: { $why }
command-unknown-argument = pilihan atau nilai '{ $argument }' tidak dikenali
command-unknown-command = perintah '{ $command }' tidak dikenali
command-missing-command = '{ $command }' memerlukan satu lagi perintah
command-missing-argument = yang berikut mesti diberikan: { $argument }
command-missing-value = '{ $argument }' memerlukan nilai, tetapi tiada nilai diberikan
command-invalid-value = nilai '{ $value }' tidak sah bagi '{ $argument }'
command-refused-value = nilai '{ $value }' tidak sah bagi '{ $argument }': { $why }
command-too-many-values = nilai '{ $value }' berlebihan bagi '{ $argument }'
command-repeated = '{ $argument }' tidak boleh digunakan lebih daripada sekali
command-conflict = '{ $argument }' tidak boleh digunakan bersama '{ $prior }'
command-no-text = baris perintah mengandungi bait yang bukan teks UTF-8
command-values = [nilai yang dibenarkan: { $values }]
command-similar = petua: yang serupa: '{ $similar }'
command-try-help = Untuk maklumat lanjut, gunakan '--help'.

# Nilai pilihan.
command-number = nombor bulat dari { $least } hingga { $most } dijangka
command-commit = nama commit, cabang atau tag dijangka
command-report-is-table = --report menulis Markdown ke fail ini; gunakan --portal-export bagi eksport portal
command-age = tempoh seperti 90m atau 24h dijangka
command-age-zero = tempoh yang lebih daripada sifar dijangka
command-plan-digest = cernaan pelan mempunyai { $least } hingga 64 digit heksadesimal; pelan yang ditolak memaparkannya
command-notices-digest = cernaan mempunyai { $least } hingga 64 digit heksadesimal; larian yang ditolak memaparkannya
command-share = nombor dari 0 hingga 1 dijangka, seperti 0.05
command-loopback-address = alamat dengan port dijangka, seperti 127.0.0.1:8643
command-no-such = Gagal: arkib tidak mempunyai perintah `{ $command }`
    bantuan: `arkib --help` menyenaraikan perintah
command-page-unwritten = Gagal: halaman tidak dapat ditulis: { $error }
command-no-start = Gagal: sistem tidak membenarkan larian bermula: { $error }
command-no-start-help = naikkan had bagi tugas ini (`ulimit -a`)
command-not-private = amaran: orang lain mungkin dapat membaca { $place }: cakeranya tidak menyimpan hak akses; simpan data peribadi pada cakera yang menyimpannya
command-log-ignored = ARKIB_LOG diabaikan ({ $error }): tahap seperti `debug` dijangka, atau modul dengan tahapnya seperti `arkib=debug,hyper=info`
