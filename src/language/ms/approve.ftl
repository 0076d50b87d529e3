# arkib approve.

approve-effects-unknown = Tiada apa-apa ditulis, kerana kesan permohonan itu tidak diketahui. { $reason }
approve-effects-unknown-help = atau luluskan dengan --offline, tanpa melihat kesannya
approve-may-have-approval = Tetapi { $file } mungkin sudah mengandungi kelulusan itu; periksalah.
approve-approved = { $id } diluluskan oleh { $by }: { $state }.
approve-dry = Larian cuba: tiada apa-apa ditulis.
approve-open = dan buka *pull request*, jika belum dibuka.
