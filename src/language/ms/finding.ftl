# Kesilapan dalam fail, dan tindakan yang perlu.

finding-conflict-of-approvals-help = jika kedua-dua pihak meluluskan permohonan itu, ambil fail daripada cabang asas, kemudian jalankan `arkib approve` semula; jika tidak, { $otherwise }
finding-policy-of-base-help = { $help }; dasar pada { $name } yang terpakai, maka gabungkan perubahan dasar dahulu, dalam pull request yang berasingan
finding-if-approved-that-day = jika diluluskan pada hari itu, { $message }
finding-line-ends-differ = { $message }; hanya hujung barisnya berbeza
finding-line-ends-differ-help = git telah mengubah hujung baris: tulis `requests/** -text` dan di bawahnya `requests/**/*.yaml text eol=lf` dalam .gitattributes, kemudian komit dokumen asal semula

# Yang terakhir bagi sesuatu fail.
finding-more = fail ini mempunyai lebih banyak masalah daripada { $most } yang dipaparkan
finding-more-help = betulkan yang ini dahulu, kemudian semak semula

# Perubahan fail yang sama dalam kedua-dua cabang.
finding-base-added = cabang asas telah menerima fail lain dengan nama ini
finding-base-added-help = kemas kini cabang ini, dan berikan id dan nama fail lain kepada permohonan yang lebih baharu
finding-base-changed = cabang asas juga telah mengubah fail ini
finding-update-branch-help = kemas kini cabang ini
finding-base-approved-help = kemas kini cabang ini; jika kedua-dua pihak meluluskan permohonan itu, ambil fail daripada cabang asas, kemudian jalankan `arkib approve` semula
finding-base-deleted = cabang asas telah memadam fail ini
finding-base-deleted-help = kemas kini cabang ini, dan jangan ubah fail ini

# Cara penemuan dipaparkan.
finding-help = bantuan
finding-more-of-kind = … dan { $more } { $kind } lagi
finding-totals = Jumlah mengikut jenis (--format json memaparkan semuanya):
finding-total = { $count } { $kind } ({ $severity }) dalam { $files } fail
finding-problems = { $count } masalah dalam { $files } fail
