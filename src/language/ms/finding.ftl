# Kesilapan dalam fail, dan tindakan yang perlu.

finding-conflict-of-approvals-help = jika kedua-dua pihak meluluskan permohonan itu, ambil fail dari cawangan asas, kemudian jalankan `arkib approve` semula; jika tidak, { $otherwise }
finding-policy-of-base-help = { $help }; dasar pada { $name } yang terpakai, maka gabungkan perubahan dasar dahulu, dalam permintaan tarik (pull request) yang berasingan
finding-if-approved-that-day = jika diluluskan pada hari itu, { $message }
finding-line-ends-differ = { $message }; hanya hujung barisnya berbeza
finding-line-ends-differ-help = git telah mengubah hujung baris: tulis `requests/** -text` dan di bawahnya `requests/**/*.yaml text eol=lf` dalam .gitattributes, kemudian komit dokumen asal semula
