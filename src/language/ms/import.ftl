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
