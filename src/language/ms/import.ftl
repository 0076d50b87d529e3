# arkib import.

import-nothing-written = Tiada apa-apa ditulis. { $reason }
import-dry = Larian cuba: { $count } fail akan ditulis. Tiada apa-apa ditulis.
import-all-imported = Tiada apa-apa ditulis: larian lain telah mengimport semuanya.
import-nothing-to-import = Tiada apa-apa ditulis: tiada arkib untuk diimport.
import-wrote = { $files } telah ditulis; { $mailboxes } dinamakan di dalamnya.
import-files = { $count } fail
import-mailboxes = { $count } peti mel
import-again-help = jalankan perintah yang sama semula: tiada apa-apa ditulis dua kali

# Sebab arkib tidak diimport.
import-odd-address = permohonan tidak boleh menamakan alamat sedemikian
import-terminating = portal sedang menamatkan arkibnya
import-named = permohonan sudah menamakannya
import-no-archive = tiada arkib: { $state }
import-open = dan buka pull request, yang di dalamnya pelulus menambah kelulusan pada setiap fail.
import-ask = Tulis { $files }?
import-reference = rujukan fail: --reference TEXT
import-ask-reference = Apakah rujukan fail bagi import ini? Contohnya CONTOH.600-1/2/3 (12):
import-fix-first = betulkan dahulu: fail yang tidak dapat dibaca mungkin menamakan mana-mana arkib
import-nothing-more = Tiada lagi yang ditulis
import-left = dibiarkan  { $mailbox }  { $why }
import-notices = amaran: { $agency } menghantar notis tentang permohonan yang diterima sejak { $since }, maka `arkib notify` akan memaklumkan kepada setiap pengguna ini bahawa permohonan diterima dan arkib diaktifkan; untuk mengelakkannya, tetapkan `notices.since` dalam { $file } kepada hari selepas { $received }, dalam perubahan berasingan
import-taken = { $file } wujud, tetapi bukan permohonan.
import-taken-help = alihkan fail itu, dan jalankan perintah yang sama semula
import-just-taken = nota: orang lain baru sahaja menulis { $file }; arkib menyemak baki arkib semula.
import-interrupted = Dihentikan: bakinya tidak ditulis.
import-unwritten = { $file } tidak dapat ditulis: { $error }.
import-more = dan { $count } lagi

# Persamaan arkib dalam sesuatu fail.
import-group-request = permohonan { $value } dalam portal
import-group-month = terakhir diubah pada { $value }
import-group-undated = portal tidak menyatakan bila arkib itu diubah
import-group-inactive = akaun tidak aktif
import-group-approver = peti mel pelulus sendiri
