# Hasil perubahan dalam sesuatu larian.

outcome-applied = { $count } dilaksanakan
outcome-under-way = { $count } diterima dan sedang dilaksanakan oleh portal
outcome-already-so = { $count } sudah sedemikian
outcome-handed-over = { $count } diserahkan
outcome-failed = { $count } gagal
outcome-unknown = { $count } tidak diketahui
outcome-skipped = { $count } dilangkau
outcome-sentence = { $counts }.
outcome-large-hint = Baris pertama dipaparkan; rekod larian dan --format json memaparkan semuanya.

# Perkataan pada baris, dan maklumatnya.
outcome-word-applied = dilaksanakan
outcome-word-already-so = sudah sedemikian
outcome-word-handed-over = diserahkan
outcome-word-failed = gagal
outcome-word-unknown = tidak diketahui
outcome-word-skipped = dilangkau
outcome-settling = diterima; portal masih melaksanakannya
