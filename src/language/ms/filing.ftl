# Fail yang ditulis oleh sesuatu perintah dalam folder permohonan.

filing-copy-into-git-help = salin fail itu ke repositori git permohonan; hanya yang digabungkan di situ dikira
filing-committed = Fail itu dikomit sebagai { $commit } pada cabang { $branch }.
filing-not-committed = Tetapi fail itu tidak dikomit: { $why }.
filing-continue-by-hand-help = betulkan perkara ini dan teruskan secara manual; fail itu kekal di tempatnya
filing-files-stay-help = { $help }; fail itu kekal di tempatnya
filing-next = Langkah seterusnya:
filing-open = dan buka *pull request*, yang di dalamnya pelulus menambah kelulusan.
filing-open-approved = dan buka *pull request*.
filing-no-branch = Tiada apa-apa ditulis, kerana cabang tidak dapat dibuat: { $why }.
filing-in-the-way = Tiada apa-apa ditulis, kerana cabang tidak dapat dibuat daripada { $start }: ada perubahan yang belum dikomit dalam { $files }{ $more ->
    [0] {""}
   *[other] {" "}dan { $more } lagi
  }, dan kandungannya berbeza dalam { $start }.
filing-in-the-way-help = komitkan perubahan itu, atau ketepikan dengan `git stash`, kemudian jalankan arkib semula; atau failkan tanpa --branch
filing-pushed = Cabang itu telah dihantar ke { $remote }.
filing-not-pushed = Tetapi cabang itu tidak dihantar: { $why }.
filing-push-by-hand-help = komit itu ada pada cabangnya; hantar dengan perintah di bawah apabila repositori jauh dapat dicapai
