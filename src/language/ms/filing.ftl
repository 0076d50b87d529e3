# Fail yang ditulis oleh sesuatu perintah dalam folder permohonan.

filing-copy-into-git-help = salin fail itu ke repositori git permohonan; hanya yang digabungkan di situ dikira
filing-committed = Fail itu di-commit sebagai { $commit } pada cabang { $branch }.
filing-not-committed = Tetapi fail itu tidak di-commit: { $why }.
filing-continue-by-hand-help = betulkan perkara ini dan teruskan secara manual; fail itu kekal di tempatnya
filing-files-stay-help = { $help }; fail itu kekal di tempatnya
filing-next = Langkah seterusnya:
filing-open = dan buka pull request, yang di dalamnya pelulus menambah kelulusan.
filing-open-approved = dan buka pull request.
filing-no-branch = Tiada apa-apa ditulis, kerana cabang tidak dapat dibuat: { $why }.
filing-in-the-way = Tiada apa-apa ditulis, kerana cabang tidak dapat dibuat daripada { $start }: ada perubahan yang belum di-commit dalam { $files }{ $more ->
    [0] {""}
   *[other] {" "}dan { $more } lagi
  }, dan kandungannya berbeza dalam { $start }.
filing-in-the-way-help = komitkan perubahan itu, atau ketepikan dengan `git stash`, kemudian jalankan arkib semula; atau failkan tanpa --branch
filing-pushed = Cabang itu telah dihantar ke { $remote }.
filing-not-pushed = Tetapi cabang itu tidak dihantar: { $why }.
filing-push-by-hand-help = komit itu ada pada cabangnya; hantar dengan perintah di bawah apabila repositori jauh dapat dicapai

# Soalan dan jawapan.
filing-beginning = Esc: soalan sebelumnya. Ctrl-C: berhenti; tiada apa-apa ditulis.
filing-choose-help = ↑ ↓ dan Enter, atau taip sebahagian daripadanya
filing-required = Jawapan diperlukan.
filing-not-confirmed = Tidak disahkan: tiada apa-apa ditulis.
filing-stopped = Dihentikan: tiada apa-apa ditulis.
filing-nothing-written = Tiada apa-apa ditulis
filing-missing = Tiada apa-apa ditulis. Yang tiada:
    {"  "}{ $what }
filing-missing-help = di terminal, arkib akan bertanya
filing-bad-day = `{ $found }` bukan tarikh dalam kalendar. Tulis seperti 20/11/2026 atau 20 November 2026.
filing-invisible-character = Ada aksara yang tidak kelihatan, misalnya daripada kekunci anak panah; taip semula.
filing-unreadable = Jawapan itu tidak dapat dibaca.

# Agensi dan id.
filing-other-agency = { $file } akan menjadi milik agensi lain
filing-other-agency-help = namakan semula folder agensi itu
filing-id-in-use = id `{ $id }` telah digunakan
filing-id-in-use-help = tinggalkan --id; arkib akan menggunakan id berikutnya
filing-no-folder = { $file } bukan folder
filing-no-folder-help = alihkannya; permohonan setiap tahun memerlukan folder
filing-folder-changed = folder itu telah diubah sementara itu
filing-unknown-id = tiada permohonan agensi ini yang mempunyai id `{ $id }`
filing-unknown-id-help = gunakan id sesuatu permohonan di sini; nama failnya sama. Jika permohonan itu menunggu pada cabangnya sendiri, `git switch` ke cabang itu; jika sudah digabungkan, `git pull`
filing-elsewhere-help = permohonan itu berada pada cabang lain: `git switch { $branch }`
filing-identity-help = nyatakan kepada git siapa anda: `git config user.name NAMA`, `git config user.email ALAMAT`
filing-id-twice = id `{ $id }` digunakan oleh permohonan dalam { $one } dan dalam { $other }
filing-id-twice-help = namakan folder satu agensi dengan --requests DIR
filing-two-agencies = `{ $first }` milik { $one } dan `{ $mailbox }` milik { $other }
filing-two-agencies-help = tulis satu permohonan bagi setiap agensi
filing-no-mailbox = tiada peti mel dinamakan
filing-no-mailbox-help = namakan sekurang-kurangnya satu
filing-foreign = `{ $mailbox }` bukan milik mana-mana agensi ini; domainnya ialah { $domains }
filing-foreign-help = betulkan alamat itu, atau tinggalkannya
filing-no-remote = nota: klon ini belum mempunyai repositori jauh (remote); tanya alamat repositori, dan letakkannya menggantikan URL
filing-bad-id = `{ $found }` ditemukan; id seperti BMT-2026-0042 dijangka: hingga 64 huruf, angka, `.`, `_` atau `-`
filing-unfit-id = `{ $id }` { $why }; pilih id lain
filing-bug-help = laporkan ini sebagai pepijat arkib; sementara itu, tulis fail itu sendiri
filing-no-origin = klon ini tiada repositori jauh `origin` untuk menerima hantaran (*push*)
filing-no-origin-help = tambahkannya: git remote add origin URL
