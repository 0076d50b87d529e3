# Fail yang ditulis oleh sesuatu perintah dalam folder permohonan.

filing-copy-into-git-help = salin fail itu ke repositori git permohonan; hanya yang digabungkan di situ dikira
filing-committed = Fail itu dikomit sebagai { $commit } pada cabang { $branch }.
filing-not-committed = Tetapi fail itu tidak dikomit: { $why }.
filing-continue-by-hand-help = betulkan perkara ini dan teruskan secara manual; fail itu kekal di tempatnya
filing-files-stay-help = { $help }; fail itu kekal di tempatnya
