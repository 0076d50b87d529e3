# Jam mesin ini berbanding jam lain.

clock-dry-run = amaran: { $why }; hanya larian cuba tidak ditolak
clock-portal = menurut jam mesin ini sekarang { $now }, tetapi menurut jam portal { $time }
clock-portal-help = betulkan jam mesin ini; jika jam portal yang salah, beritahu pengendalinya
clock-record = menurut jam mesin ini sekarang { $now }, tetapi rekod { $name } dimulakan pada { $time }
clock-record-help = betulkan jam mesin ini; jika jam mesin yang menulis rekod itu yang salah, pindahkan rekod itu keluar dari folder
clock-commit = menurut jam mesin ini sekarang { $now }, tetapi commit { $commit } dibuat pada { $time }
clock-commit-help = betulkan jam mesin ini; jika jam mesin yang membuat commit itu yang salah, buat commit lain
