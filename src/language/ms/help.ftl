# Bantuan baris perintah: setiap perintah (`help-PERINTAH`), penjelasannya (`-long`), dan teks di bawah pilihannya
# (`-after`); setiap pilihan (`help-PERINTAH--PILIHAN`, atau `help--PILIHAN` bagi semua perintah), dan setiap nilainya.

# Yang ditulis oleh clap sendiri.
help-frame-usage = Penggunaan:
help-frame-commands = Perintah:
help-frame-arguments = Argumen:
help-frame-options = Pilihan:
help-frame-any-options = [PILIHAN]
help-frame-command = <PERINTAH>
help-frame-any-command = [PERINTAH]
help-frame-default = lalai
help-frame-variable = pemboleh ubah
help-frame-values = nilai
help--help = Papar bantuan (lebih lanjut dengan '--help')
help--help-long = Papar bantuan (ringkasan dengan '-h')
help--version = Papar versi

# Kata kerja Melayu yang ditaip sebagai perintah, dan perintah yang dimaksudkan.
help-verb-semak = check
help-verb-lulus = approve
help-verb-luluskan = approve
help-verb-mohon = request
help-verb-permohonan = request
help-verb-daftar = register
help-verb-maklum = notify
help-verb-banding = reconcile
help-verb-selaras = reconcile

# Tajuk kumpulan pilihan.
help-heading-options-of-every-command = Pilihan setiap perintah
help-heading-requests = Permohonan
help-heading-portal = Portal
help-heading-branch = Cabang
help-heading-files = Fail
help-heading-exit-status = Status keluar
help-heading-pull-requests = Pull request
help-heading-plans-and-limits = Pelan dan had
help-heading-records = Rekod
help-heading-limits = Had
help-heading-signature = Tandatangan
help-heading-details-of-the-request = Butiran permohonan
help-heading-server = Pelayan
help-heading-faults = Kerosakan

# Nama nilai.
help-value-address = ALAMAT
help-value-channel = SALURAN
help-value-code = KOD
help-value-command = PERINTAH
help-value-dir = FOLDER
help-value-digest = CERNAAN
help-value-file = FAIL
help-value-forge = PELANTAR
help-value-i-n = I/N
help-value-id-or-address = ID atau ALAMAT
help-value-kind = JENIS
help-value-language = BAHASA
help-value-list = SENARAI
help-value-mailbox = PETI MEL
help-value-mailbox-or-id = PETI MEL atau ID
help-value-milliseconds = MILISAAT
help-value-name = NAMA
help-value-period = TEMPOH
help-value-seconds = SAAT
help-value-share = BAHAGIAN
help-value-text = TEKS
help-value-time = TEMPOH
help-value-when = BILA
help-value-yes-or-no = YES atau NO
help-value-yyyy-mm-dd = TTTT-BB-HH

# arkib.
help-arkib = Mengekalkan peti mel arkib seperti yang diminta oleh permohonan yang diluluskan
help-arkib-long =
    Permohonan ialah fail YAML dalam folder `requests/`. `arkib check` membacanya, `arkib reconcile --dry-run` menunjukkan perbezaannya dengan portal, dan `arkib reconcile` mengaktifkan dan menamatkan arkib sehingga kedua-duanya selaras. arkib tidak sekali-kali melakukan apa-apa yang tidak diminta oleh permohonan yang diluluskan.
help-arkib-after =
    Status keluar:
       0  selesai, atau tiada apa-apa perlu dibuat
       1  gagal
       2  larian cuba menemui apa yang dinamakan oleh --fail-on, seperti perubahan
       3  dilaksanakan sebahagian, atau dihentikan; juga jika larian terdahulu
          terhenti semasa menyerahkan perubahan (portal: files)
       4  ditolak (had, pelan lain daripada yang diterima, pelan simpanan yang
          lapuk, permohonan yang belum di-commit, ulasan yang tidak muat semua
          penamatan)
      64  baris perintah salah

    ARKIB_LOG=debug menulis log ke ralat piawai, tanpa alamat atau token.
help--C = Jalankan seolah-olah arkib dimulakan dalam folder ini
help--language = Bahasa bagi apa yang dibaca orang [lalai: ARKIB_LANGUAGE, jika tidak bahasa dasar, jika tidak bahasa sistem; bagi notis dan daftar, bahasa dasar]
help--language-ms = Bahasa Melayu
help--language-en = Bahasa Inggeris
help--color = Bila warna digunakan [lalai: pada terminal, kecuali NO_COLOR ditetapkan; sentiasa dengan FORCE_COLOR]
help--quiet = Jangan papar kemajuan, nota dan langkah seterusnya, hanya hasil, amaran dan ralat
help--verbose = Nyatakan pada ralat piawai apa yang dihantar semula atau dibaharui, dan sebabnya, seperti ARKIB_LOG=debug

# Pilihan yang sama bagi beberapa perintah.
help--requests = Folder permohonan dengan `agency.yaml` [lalai: requests, di sini atau dalam folder di atas]
help--ref = Baca folder daripada commit, cabang atau tag ini; pokok kerja tidak disentuh
help-request-enable--as-of = Anggap tarikh ini sebagai hari ini
help-request-terminate--as-of = Anggap tarikh ini sebagai hari ini
help-request-withdraw--as-of = Anggap tarikh ini sebagai hari ini
help-approve--as-of = Anggap tarikh ini sebagai hari ini
help-import--as-of = Anggap tarikh ini sebagai hari ini
help-portal--as-of = Anggap tarikh ini sebagai hari ini
help--as-of = Anggap tarikh ini sebagai hari ini; portal sebenar hanya diubah setakat hari sebenar
help--yes = Tulis tanpa bertanya dahulu
help--dry-run = Tunjukkan apa yang akan ditulis, tetapi jangan tulis
help--branch = Juga buat commit fail ini sahaja pada cabang baharu [lalai: perintah/ID]
help--push = Juga hantar (push) cabang itu; dengan --branch atau tanpanya
help--format = Format hasil
help--format-human = Untuk dibaca orang
help--format-json = Untuk program; `arkib schema` menghuraikannya
help--format-markdown = Untuk ulasan atau halaman
help--roster = Fail CSV dengan peti mel permulaan bagi portal terbina dalam [lalai: portal.csv di sebelah folder permohonan]
help--database = Pangkalan data portal terbina dalam [lalai: .arkib/portal.db di sebelah folder permohonan]
help--portal-export = Dengan portal: files, eksport portal (CSV atau XLSX), atau folder, yang eksport terbaharunya dikira; bagi beberapa agensi, ulang sebagai AGENSI=FAIL
help--max-export-age = Dengan portal: files, umur maksimum eksport, seperti 90m atau 24h
help--report = Juga tulis hasil penuh sebagai Markdown ke fail ini
help--records = Folder rekod larian terdahulu; larian ini juga direkodkan di situ [lalai: `records` di sebelah dasar agensi]
help--records-branch = Simpan rekod pada cabang repositori jauh ini: diambil sebelum larian, dihantar selepasnya
help--offline = Jangan baca portal; gunakan rekod larian sahaja
help--allow-uncommitted = Benarkan permohonan yang belum di-commit; untuk raptai
help--accept = Benarkan hanya pelan dengan cernaan ini melebihi had; ulang bagi beberapa agensi
help--wait-timeout = Tempoh paling lama menunggu portal menyudahkan perubahan
help--pull-request = Seperti --base, dengan cabang sasaran pull request tugas CI ini

# arkib check.
help-check = Menyemak dasar dan permohonan, tanpa portal
help-check-long =
    Membaca setiap fail dan memaparkan setiap masalah dengan baris dan lajurnya. Dengan --base, ia juga menolak penyuntingan, penamaan semula atau pemadaman permohonan yang telah digabungkan, dan menggunakan dasar cabang sasaran.
help-check-after =
    Contoh:
      arkib check                             semak folder requests/
      arkib check --base origin/main          semak apa yang diubah oleh cabang ini
      arkib check --pull-request              sama, dalam CI
      arkib check --requests examples/broken  tunjukkan setiap jenis kesilapan
      arkib check --format json               cetak JSON untuk program
help-check--base = Cabang sasaran penggabungan
help-check--strict = Gagal juga jika ada amaran
help-check--format-markdown = Untuk ulasan pada pull request; baris penuh ditinggalkan jika terlalu panjang
help-check--format-github = Untuk tugas GitHub Actions: anotasi, teks dan ringkasan tugas
help-check--format-gitlab = Untuk GitLab: laporan kualiti kod
help-check--format-sarif = Untuk imbasan kod dan penyunting: SARIF 2.1.0

# arkib reconcile.
help-reconcile = Membandingkan permohonan dan portal, dan melaksanakan bezanya
help-reconcile-long =
    Pada terminal, ia memaparkan pelan dan bertanya sebelum mengubah apa-apa; di tempat lain ia memerlukan --yes. Ia tidak sekali-kali melakukan apa-apa yang tidak diminta oleh permohonan yang diluluskan, dan sentiasa selamat dijalankan semula.
help-reconcile-after =
    Contoh:
      arkib reconcile --dry-run                      paparkan pelan sahaja
      arkib reconcile                                paparkan, tanya, laksanakan
      arkib reconcile --yes                          laksanakan tanpa bertanya
      arkib reconcile --dry-run --fail-on drift,due  status 2 jika ada perubahan
      arkib reconcile --only siti@agensi.example     hanya peti mel ini
      arkib reconcile --accept CERNAAN               benarkan pelan ini melebihi had
      arkib reconcile --dry-run --base origin/main   yang ditambah oleh cabang ini
      arkib reconcile --dry-run --pull-request       sama, dalam CI
      arkib reconcile --dry-run --plan-out FAIL      simpan pelan, dan kemudian
      arkib reconcile --yes --plan FAIL              laksanakan itu sahaja
      arkib reconcile --yes --plan FAIL --shard 3/8  bahagian ketiga daripada 8

    Persekitaran menyatakan tempat portal sebenar (portal: scim):
      ARKIB_PORTAL_URL         URL SCIM-nya, seperti https://portal.example/scim/v2

    Gunakan satu cara log masuk sahaja. Rahsia dalam fail dibaca semula apabila
    berubah.
      ARKIB_PORTAL_TOKEN_FILE  fail dengan token; atau ARKIB_PORTAL_TOKEN, token itu
      ARKIB_PORTAL_OAUTH_URL   titik akhir token (OAuth 2.0, client credentials),
                               dengan
        ARKIB_PORTAL_OAUTH_CLIENT_ID           id klien
        ARKIB_PORTAL_OAUTH_CLIENT_SECRET_FILE  fail dengan rahsianya; atau
                                               ARKIB_PORTAL_OAUTH_CLIENT_SECRET
        ARKIB_PORTAL_OAUTH_SCOPE               skop, jika diperlukan
        ARKIB_PORTAL_OAUTH_AUTH                basic, atau post untuk menghantar
                                               rahsia dalam borang
      ARKIB_PORTAL_USER        nama pengguna, dengan ARKIB_PORTAL_PASSWORD_FILE,
                               fail dengan kata laluan, atau ARKIB_PORTAL_PASSWORD

    Bagi beberapa agensi, setiap satu boleh mempunyai yang sendiri:
    ARKIB_PORTAL_TOKEN_CONTOH bagi agensi CONTOH sahaja. Jika satu pemboleh ubah
    sedemikian ditetapkan, hanya yang sedemikian dikira baginya, kecuali
    ARKIB_PORTAL_URL, ARKIB_PORTAL_CA dan proksi.

    Bagi sambungan ke portal dan ke titik akhir token:
      ARKIB_PORTAL_CA          fail PEM dengan pihak berkuasa pensijilan yang
                               dipercayai, menggantikan yang ada pada sistem
      ARKIB_PORTAL_CERT        fail PEM dengan sijil klien, jika diminta oleh portal
      ARKIB_PORTAL_KEY         fail PEM dengan kunci peribadinya, jika berasingan
      HTTPS_PROXY, NO_PROXY    proksi (http://pengguna:katalaluan@hos:port), dan hos
                               yang tidak menggunakannya

    Untuk memberitahu pengendali tentang kegagalan dan perbezaan di luar
    permohonan (larian cuba: juga tentang apa yang menunggu atau tamat tempoh):
      ARKIB_ALERT_URL          webhook, atau mailto:ALAMAT dengan pelayan mel
                               `arkib notify`; ARKIB_ALERT_FORMAT menyatakan
                               bentuknya: json, slack, mattermost atau teams
help-reconcile--dry-run = Paparkan pelan dan jangan ubah apa-apa
help-reconcile--yes = Laksanakan tanpa bertanya
help-reconcile--fail-on = Dengan --dry-run: keluar dengan 2 jika pelan mempunyai salah satu daripada ini
help-reconcile--fail-on-drift = Perubahan yang pernah dibuat, dan tidak lagi begitu dalam portal
help-reconcile--fail-on-unmanaged = Arkib yang tidak dinamakan oleh mana-mana permohonan
help-reconcile--fail-on-blocked = Peti mel yang perubahannya tidak dapat dibuat
help-reconcile--fail-on-due = Semua perubahan lain
help-reconcile--fail-on-pending = Permohonan yang menunggu kelulusan
help-reconcile--detailed-exitcode = Sama seperti --fail-on drift,due: keluar dengan 2 jika ada perubahan
help-reconcile--base = Dengan --dry-run: tunjukkan apa yang ditambah, diubah atau dihalang oleh pull request dalam cabang ini. Dasar cabang itu digunakan, dan hanya peti mel yang disentuh oleh pull request dibaca
help-reconcile--drift = Dengan --base atau --pull-request: baca seluruh portal, dan kira yang sudah tertunggak dalam satu baris
help-reconcile--plan-out = Dengan --dry-run: simpan pelan ke fail ini, untuk --plan
help-reconcile--plan = Laksanakan pelan yang disimpan ini sahaja, atau tiada apa-apa jika lapuk (status keluar 4)
help-reconcile--max-age = Dengan --plan: umur maksimum pelan, seperti 90m atau 24h
help-reconcile--only = Hanya peti mel ini; boleh diulang. Had kemudian mengira perubahan ini sahaja
help-reconcile--shard = Laksanakan bahagian I daripada N sahaja, untuk menggunakan N mesin serentak. SHA-256 alamatnya menentukan bahagian sesuatu peti mel. Had mengira seluruh pelan. Gunakan --plan juga: tanpanya setiap bahagian membaca seluruh portal. Setiap bahagian memaparkan permohonan yang menunggu kelulusan dan yang dijadualkan
help-reconcile--wait = Tunggu sehingga portal menyudahkan perubahan yang diterimanya
help-reconcile--wait-timeout = Dengan --wait: tempoh paling lama menunggu
help-reconcile--unmanaged = Namakan peti mel dengan arkib yang tidak dinamakan oleh mana-mana permohonan; jika tidak, hanya dikira
help-reconcile--concurrency = Bilangan maksimum permintaan yang dihantar serentak ke portal; jika portal menyokong permintaan pukal, setiap satu boleh mengandungi hingga seratus perubahan
help-reconcile--hand-over = Dengan portal: files, folder bagi fail yang diserahkan [lalai: .arkib/hand-over di sebelah folder permohonan]
help-reconcile--hand-over-again = Dengan portal: files, serahkan semula apa yang telah diserahkan tetapi belum dilaksanakan, kerana fail terdahulu hilang, ditolak atau dimusnahkan
help-reconcile--strict = Gagal juga jika ada peti mel yang terhalang dan amaran
help-reconcile--metrics = Juga tulis angka larian sebagai teks OpenMetrics ke fail ini, bagi larian yang gagal juga
help-reconcile--format-markdown = Untuk ulasan pada pull request; baris penuh ditinggalkan jika terlalu panjang
help-reconcile--format-github = Untuk tugas GitHub Actions: anotasi, teks dan ringkasan tugas
help-reconcile--format-gitlab = Untuk GitLab: laporan kualiti kod
help-reconcile--format-sarif = Untuk imbasan kod dan penyunting: SARIF 2.1.0

# arkib comment.
help-comment = Mengemas kini satu ulasan pada pull request tugas CI ini
help-comment-long =
    Persekitaran tugas itu menyatakan pull request yang mana, di GitHub, GitLab, Forgejo atau Gitea. Jika cabang itu mempunyai commit yang lebih baharu, tiada apa-apa ditulis: larian commit itu yang menulis ulasan.
help-comment-after =
    Contoh:
      arkib reconcile --dry-run --pull-request --format markdown > comment.md
      arkib comment comment.md            tulis pada pull request
      arkib comment --dry-run comment.md  tunjukkan yang akan ditulis, dan di mana

    Status keluar 0 juga bermaksud tugas suatu fork tidak mempunyai token untuk
    menulis ulasan.

    Persekitaran menyatakan siapa yang menulis ulasan:
      ARKIB_COMMENT_TOKEN       token yang boleh menulis ulasan; atau
                                ARKIB_COMMENT_TOKEN_FILE, fail dengan token itu
      GITHUB_TOKEN              jika kedua-duanya tidak ditetapkan: token tugas
                                (GitHub, Forgejo, Gitea)
      ARKIB_COMMENT_CA          fail PEM dengan pihak berkuasa pensijilan yang
                                dipercayai, menggantikan yang ada pada sistem;
                                ARKIB_COMMENT_CERT dan ARKIB_COMMENT_KEY, fail PEM
                                sijil klien, jika diminta oleh pelantar
      HTTPS_PROXY, NO_PROXY     proksi (http://pengguna:katalaluan@hos:port), dan
                                hos yang tidak menggunakannya
help-comment--file = Teks seperti yang dicetak oleh `reconcile --format markdown`; jika fail tiada atau kosong, ulasan menyatakan bahawa tugas itu gagal
help-comment--dry-run = Tunjukkan apa yang akan ditulis, dan di mana; jangan tanya pelantar apa-apa

# arkib status.
help-status = Memaparkan keadaan peti mel, permohonan, atau semuanya
help-status-after =
    Contoh:
      arkib status                             apa yang menunggu, sejak bila, siapa
      arkib status --watch                     sama, dilukis semula setiap 30 saat
      arkib status siti.aminah@agensi.example  peti mel dengan permohonannya
      arkib status BMT-2026-0042               permohonan dengan peti melnya
      arkib status --all                       setiap permohonan terbuka, dan siapa
                                               yang perlu bertindak

    Persekitaran menyatakan tempat portal sebenar: lihat `arkib reconcile --help`.
help-status--watch = Lukis semula pada terminal selepas sekian saat, sehingga Ctrl-C
help-status--subject = Peti mel atau id permohonan
help-status--all = Setiap permohonan terbuka, mengikut siapa yang perlu bertindak seterusnya
help-status--records = Folder rekod [lalai: `records` di sebelah dasar agensi]

# arkib request.
help-request = Menulis fail bagi permohonan yang telah diterima
help-request-long =
    Pada terminal, ia bertanya nilai yang belum diberikan. Fail disemak seperti oleh `arkib check` sebelum ditulis, dan tiada fail ditulis ganti. Failnya ialah requests/TAHUN/ID.yaml; gabungkan seperti perubahan lain.
help-request-after =
    Contoh:
      arkib request enable                           tanya semuanya
      arkib request terminate rosli@agensi.example   arkib bertanya selebihnya
      arkib request enable --from-file senarai.csv   ambil peti mel daripada senarai
      arkib request withdraw BMT-2026-0042 --branch  buat commit pada cabang baharu
      arkib request enable siti.aminah@agensi.example --channel letter \
        --reference "CONTOH.600-1/2/3 (12)" --received 2026-11-02
help-request-enable-after =
    Contoh:
      arkib request enable                          tanya semuanya
      arkib request enable siti.aminah@agensi.example --channel letter \
        --reference "CONTOH.600-1/2/3 (12)" --received 2026-11-02
      arkib request enable --from-file senarai.csv  ambil peti mel daripada senarai
      arkib request enable --branch                 buat commit pada cabang baharu
help-request-terminate-after =
    Contoh:
      arkib request terminate                          tanya semuanya
      arkib request terminate rosli@agensi.example     tanya selebihnya
      arkib request terminate --from-file senarai.csv  ambil daripada senarai
      arkib request terminate --branch                 commit pada cabang baharu
help-request-withdraw-after =
    Contoh:
      arkib request withdraw                         tunjukkan pilihan, dan tanya
      arkib request withdraw BMT-2026-0042           tanya selebihnya
      arkib request withdraw BMT-2026-0042 --branch  commit pada cabang baharu
help-request-enable = Meminta pengaktifan arkib peti mel (prosedur 4.1)
help-request-terminate = Meminta penamatan arkib peti mel (prosedur 4.2)
help-request-withdraw = Menarik balik permohonan, seolah-olah tidak pernah dibuat
help-request-withdraw--withdraws = Id permohonan yang hendak ditarik balik
help--mailboxes = Alamat, dalam apa-apa bentuk yang boleh ditampal
help--from-file = Baca peti mel daripada senarai: satu bagi setiap baris, atau jadual (CSV, Excel)
help--from-file-long = Jadual mempunyai lajur `mailbox`, `e-mel`, `email` atau `alamat`. `-` ialah input piawai.
help--portal = Cari peti mel dalam portal; lalai pada terminal
help--no-portal = Jangan baca portal
help--received = Tarikh diterima [lalai: hari ini]
help--channel = Cara diterima; juga e-mel, surat, borang
help--reference = Rujukan fail dokumen itu
help--from = Pemohon
help--name = Nama pemohon, untuk jawapan di atas kertas
help--file = Fail agensi sendiri bagi jawapan (Ruj. Kami)
help--effective = Berkuat kuasa paling awal pada tarikh ini
help--evidence = Dokumen yang diimbas, disalin ke sebelah fail permohonan; boleh diulang
help--reason = Sebabnya, dalam satu dua ayat
help--id = Id permohonan [lalai: yang selepas permohonan terbaharu agensi]
help--approved-by = Siapa yang meluluskannya, jika sudah diluluskan
help--approved = Tarikh kelulusan

# arkib approve.
help-approve = Menambah kelulusan anda pada permohonan
help-approve-long =
    Memaparkan apa yang diminta oleh setiap permohonan, dokumen yang perlu dibuka, dan kesannya dalam portal; bertanya sekali bagi semuanya; dengan `provenance: signed`, menandatangani dengan ssh-keygen dan kunci anda. Tiada apa-apa lain dalam fail berubah. Jika git menemui percanggahan dengan kelulusan lain, ambil fail cabang sasaran, kemudian jalankan arkib approve semula.
help-approve-after =
    Contoh:
      arkib approve BMT-2026-0042                   luluskan sebagai user.email git
      arkib approve BMT-2026-0042 BMT-2026-0043     kedua-duanya, dengan satu soalan
      arkib approve --print BMT-2026-0042 > surat   teks untuk ditandatangani dengan
                                                    program lain;
      arkib approve BMT-2026-0042 --signature FAIL  kemudian tandatangannya, hari itu
help-approve--ids = Permohonan
help-approve--as = Siapa yang meluluskan [lalai: user.email git]
help-approve--date = Tarikh kelulusan [lalai: hari ini]
help-approve--key = Kunci SSH untuk menandatangani, atau kunci awamnya jika dipegang oleh ssh-agent [lalai: user.signingkey git]
help-approve--signature = Tandatangan yang dibuat dengan program lain ke atas teks --print: SSH, atau CMS sebagai PEM
help-approve--print = Cetak teks yang ditandatangani, dan jangan buat apa-apa lain; bagi satu permohonan
help-approve--offline = Jangan baca portal: luluskan tanpa melihat kesannya

# arkib import.
help-import = Menulis permohonan bagi arkib portal yang belum dinamakan
help-import-long =
    Permohonan itu meminta pengaktifan arkib yang sudah aktif, dan menunggu kelulusan. Setelah diluluskan, setiap arkib mempunyai kebenaran yang direkodkan, dan arkib mengekalkannya. Tiada apa-apa diubah dalam portal. Arkib dikumpulkan dalam fail mengikut permohonan yang dinamakan oleh portal bagi beberapa arkib, atau mengikut bulan perubahan terakhirnya; bulan dengan sedikit arkib berkongsi fail. Arkib bagi akaun yang tidak digunakan, dan arkib seorang pelulus, mendapat fail sendiri.

    Arkib yang sudah dinamakan oleh permohonan tidak dinamakan lagi, walaupun permohonan itu masih menunggu kelulusan, maka import boleh diulang pada bila-bila masa. Semua fail disemak sebelum yang pertama ditulis, dan tiada fail ditulis ganti. Arkib yang sedang ditamatkan oleh portal, atau yang keadaannya tidak diketahui, disenaraikan dan dibiarkan.
help-import-after =
    Contoh:
      arkib import --dry-run                                 tunjukkan fail
      arkib import --reference "CONTOH.600-1/2/3 (12)"       tulis fail
      arkib import --reference R --branch                    pada cabang baharu
      arkib import --reference R --only siti@agensi.example  hanya arkib ini

    Persekitaran menyatakan tempat portal sebenar: lihat `arkib reconcile --help`.
help-import--reference = Rujukan fail keputusan untuk mengimport; pada terminal arkib bertanya
help-import--channel = Cara keputusan itu diterima; juga e-mel, surat, borang
help-import--per-request = Bilangan maksimum peti mel dalam satu fail
help-import--only = Hanya peti mel ini; boleh diulang

# arkib init.
help-init = Menulis fail bagi agensi baharu
help-init-long =
    Failnya ialah dasar agensi, tugas CI pelantarnya, dan tetapan penyunting. Pada terminal, ia bertanya nilai yang belum diberikan. Dasar mendapat id sendiri, yang menjadi sebahagian daripada setiap kelulusan yang ditandatangani, dan bahasa daripada --language (Melayu jika tidak diberikan) bagi notis dan daftar; README.md juga dalam bahasa itu. Tugas CI itu lengkap; tugas itu mengambil arkib daripada alamat anda sendiri, dan hanya bait yang ditetapkan oleh `.arkib-version`. Tiada apa-apa yang ada ditulis ganti: semua fail ditulis, atau tiada.
help-init-after =
    Contoh:
      arkib init permohonan-arkib    tanya semuanya
      arkib init permohonan-arkib --agency CONTOH --name "Jabatan Contoh Malaysia" \
        --domain agensi.example --approver pentadbir.uc@agensi.example \
        --approver ketua.unit@agensi.example
      arkib init --agency CONTOH --name Contoh --domain agensi.example \
        --approver a@agensi.example --kind files
help-init--folder = Folder repositori; boleh jadi sudah ada
help-init--agency = Nama ringkas agensi
help-init--name = Nama agensi, seperti dalam surat
help-init--domain = Domain peti melnya; ulang bagi beberapa domain
help-init--approver = Siapa yang boleh meluluskan; ulang bagi beberapa orang
help-init--kind = Cara arkib diubah [lalai: agency]
help-init--kind-agency = Oleh arkib, dalam portal dengan SCIM 2.0
help-init--kind-files = Oleh pegawai, yang memuat naik fail yang ditulis oleh arkib
help-init--kind-shards = Seperti agency, pada lapan mesin, bagi peti mel yang amat banyak
help-init--kind-trial = Dalam portal pembangunan, untuk mencuba arkib
help-init--forge = Hanya tugas CI pelantar ini [lalai: semua pelantar]
help-init--forge-github = GitHub Actions
help-init--forge-gitlab = GitLab CI
help-init--forge-forgejo = Forgejo atau Gitea Actions

# arkib notify.
help-notify = Menghantar atau mencetak notis yang perlu diberikan
help-notify-long =
    Notis memberitahu pengguna dan pemohon tentang kemajuan permohonan mereka. Notis menggunakan saluran permohonan: e-mel, atau memo, surat atau borang untuk dicetak. Hanya notis bagi peringkat semasa sesuatu permohonan perlu diberikan. Permohonan yang diterima sebelum tarikh dalam `notices` dasar tidak mendapat notis.
help-notify-after =
    Contoh:
      arkib notify --dry-run               paparkan notis dan salurannya
      arkib notify --dry-run --show        juga paparkan teks penuh setiap notis
      arkib notify                         paparkan, tanya, hantar atau cetak
      arkib notify --yes --output notices  dalam CI; halaman cetak ke folder ini
      arkib notify --only BMT-2026-0042    hanya tentang permohonan ini
      arkib notify --again BMT-2026-0042 --to siti@agensi.example  ulang satu notis

    Tiada sesiapa mendapat notis yang sama dua kali tanpa --again. Setiap notis
    direkodkan, dan rekodnya ada pada cakera sebelum pelayan mel menerima teks atau
    fail dibuat. Jika larian terhenti di antaranya, notis itu `unknown`: arkib
    melaporkannya dan mengulanginya hanya dengan --again. Rekod larian terdahulu
    diperlukan, maka simpan folder `records` (dalam CI, buat commit selepas setiap
    larian). Pada satu mesin, larian kedua dengan rekod yang sama menunggu seminit
    bagi yang pertama. Larian pada dua mesin tidak mengetahui satu sama lain: biar
    CI menjalankan satu demi satu, dan mulakan setiap satu dengan rekod larian
    sebelumnya.

    Persekitaran menyatakan tempat pelayan mel. Ia digunakan bagi e-mel sahaja:
      ARKIB_SMTP_URL            smtps://hos (TLS) atau smtp://hos:587 (STARTTLS
                                diwajibkan); tanpa TLS pada mesin ini sahaja,
                                seperti smtp://127.0.0.1:2525
      ARKIB_SMTP_USER           nama pengguna, jika pelayan memerlukan log masuk
      ARKIB_SMTP_PASSWORD_FILE  fail dengan kata laluan; atau ARKIB_SMTP_PASSWORD,
                                kata laluan itu sendiri
      ARKIB_SMTP_CA             fail PEM dengan pihak berkuasa pensijilan yang
                                dipercayai, menggantikan yang ada pada sistem

    Templat dalam folder `templates` di sebelah dasar menggantikan templat arkib:
    email.txt, email.html, memo.html, letter.html, form.html, letterhead.html,
    copies.html, print.css.
    docs/ms/NOTICES.md menghuraikan pemboleh ubahnya.
help-notify--dry-run = Paparkan notis; jangan hantar, cetak atau rekodkan apa-apa
help-notify--show = Dengan --dry-run: paparkan teks penuh setiap notis
help-notify--yes = Jangan tanya dahulu
help-notify--only = Hanya tentang permohonan ini atau kepada alamat ini; boleh diulang
help-notify--again = Ulang notis semasa permohonan ini, walaupun telah diberikan; tanpa --only, tiada notis lain diberikan
help-notify--to = Dengan --again: hantar kepada alamat ini sahaja
help-notify--output = Folder bagi halaman untuk dicetak
help-notify--accept = Benarkan hanya notis dengan cernaan ini melebihi had; ulang bagi beberapa agensi

# arkib records.
help-records = Mengesahkan dan menyenaraikan rekod larian lepas
help-records-long =
    Setiap larian yang melaksanakan perubahan menulis satu fail ke folder `records` di sebelah dasar agensi: siapa yang menjalankannya, daripada commit mana, setiap perubahan sebelum dihantar, dan hasilnya.
help-records-after =
    Contoh:
      arkib records verify  adakah rekod hilang, diubah, salah turutan atau rosak?
      arkib records list    setiap larian dan hasilnya
      arkib records list siti@agensi.example  larian tentang satu peti mel sahaja
help-records-verify-after =
    Contoh:
      arkib records verify                     adakah rekod hilang atau diubah?
      arkib records verify --records FOLDER    rekod dalam folder lain
      arkib records verify --format json       untuk program
help-records-list-after =
    Contoh:
      arkib records list                       setiap larian dan hasilnya
      arkib records list siti@agensi.example   larian tentang satu peti mel sahaja
      arkib records list BMT-2026-0042         larian tentang satu permohonan sahaja
help-records-verify = Menyemak bahawa tiada rekod hilang, diubah atau salah turutan
help-records-list = Menyenaraikan larian, yang terdahulu dahulu
help-records-list--about = Hanya larian tentang peti mel atau permohonan ini
help-records-verify--about = Hanya larian tentang peti mel atau permohonan ini
help-records-verify--records = Folder rekod [lalai: `records` di sebelah dasar agensi]
help-records-list--records = Folder rekod [lalai: `records` di sebelah dasar agensi]
help-records-verify--records-branch = Ambil rekod daripada cabang repositori jauh ini
help-records-list--records-branch = Ambil rekod daripada cabang repositori jauh ini

# arkib register.
help-register = Menulis daftar permohonan dan hasilnya
help-register-long =
    Daftar mengandungi setiap permohonan daripada penerimaannya hingga notisnya, sebagai satu halaman web yang tidak memerlukan rangkaian, atau sebagai CSV, JSON atau Markdown. Daftar mengandungi data peribadi: hanya orang yang boleh membaca permohonan boleh membacanya.
help-register-after =
    Contoh:
      arkib register                               semua, dalam register.html
      arkib register --period 2026 -o 2026.html    permohonan diterima pada 2026
      arkib register -o register.csv               satu baris bagi setiap permohonan
                                                   dan peti mel
      arkib register --offline --format json       daripada rekod sahaja
      arkib register BMT-2026-0042                 halaman satu permohonan, untuk cetak

    Dalam CSV, sel yang akan dibaca sebagai formula oleh hamparan (bermula dengan
    = + - atau @) mendapat tanda koma atas di hadapannya. Persekitaran menyatakan
    tempat portal sebenar: lihat `arkib reconcile --help`.
help-register--only = Permohonan ini sahaja; halaman web, ID.html, adalah untuk dicetak
help-register--format = Format daftar [lalai: mengikut nama fail, jika tidak html]
help-register--format-html = Halaman web dalam satu fail
help-register--format-csv = Untuk hamparan
help-register--format-json = Untuk program; `arkib schema register` menghuraikannya
help-register--format-markdown = Untuk ulasan
help-register--output = Fail yang ditulis, `-` bagi output piawai [lalai: register.html bagi halaman web, jika tidak output piawai]
help-register--period = Hanya permohonan yang diterima dalam tempoh ini: tahun (2026), bulan (2026-01), hari (2026-01-31), atau DARI..HINGGA daripada dua yang sedemikian
help-register--records = Folder rekod [lalai: `records` di sebelah dasar agensi]
help-register--records-branch = Ambil rekod daripada cabang repositori jauh ini

# arkib portal.
help-portal = Menjalankan portal pembangunan, atau memeriksa portal sebenar
help-portal-long =
    Portal pembangunan ialah pelayan SCIM 2.0 pada mesin ini. Ia boleh meniru kerosakan portal sebenar. Ctrl-C menghentikannya, atau --stop-after.
help-portal-after =
    Contoh:
      arkib portal --roster portal.csv
      arkib portal --roster portal.csv --latency 200 --fault-rate 0.05
      arkib portal --roster portal.csv --provisioning-delay 30

    Kemudian, pada terminal lain, dengan `portal: scim` dalam dasar:
      export ARKIB_PORTAL_URL=…  ARKIB_PORTAL_TOKEN_FILE=…  (dicetak portal)
      arkib reconcile --dry-run

    Portal lain:
      arkib portal inspect                                  (lihat --help)
help-portal--listen = Alamat gelung balik untuk mendengar, seperti 127.0.0.1:8643; port 0 bagi mana-mana port kosong
help-portal--roster = Fail CSV dengan peti mel permulaannya
help-portal--database = Pangkalan datanya; tanpanya, semuanya hilang apabila dihentikan
help-portal--token-file = Fail dengan tokennya; dibuat jika tiada
help-portal--url-file = Tulis URL-nya ke fail ini apabila sedia
help-portal--latency = Lengahkan setiap jawapan
help-portal--rate-limit = Jawab 429 bagi permintaan sesaat yang lebih daripada ini
help-portal--no-if-match = Jangan sokong If-Match, seperti sesetengah portal, dan nyatakan begitu
help-portal--no-bulk = Jangan sokong permintaan pukal, seperti sesetengah portal, dan nyatakan begitu
help-portal--fault-rate = Jawab bahagian permintaan ini dengan 500 atau 503, dari 0 hingga 1
help-portal--provisioning-delay = Ambil masa selama ini bagi setiap perubahan, dan bagi perubahan yang dimulakan oleh senarai akaun; dengan 0, yang kedua itu mengambil lapan saat
help-portal--stop-after = Berhenti selepas tempoh ini
help-portal-inspect = Memaparkan keupayaan portal, atribut penggunanya, dan sama ada pemetaan sesuai
help-portal-inspect-long =
    Ia tidak mengubah apa-apa dan membaca semua pengguna. URL dan token datang daripada persekitaran, seperti bagi setiap perintah. Jika tiada pemetaan, ia mencetak satu untuk diisi.
help-portal-inspect-after =
    Nilai sesuatu atribut dipaparkan, dengan bilangan pengguna bagi setiap nilai,
    jika terdapat paling banyak 20 nilai; lebih daripada 4 nilai dipaparkan hanya
    jika secara purata dua pengguna berkongsi setiap satu. Bagi atribut lain, hanya
    bilangan nilai dipaparkan. Nama, alamat, nilai yang melebihi 40 aksara dan nilai
    dengan lebih daripada 4 digit tidak sekali-kali dipaparkan. Namun, baca output
    itu sebelum berkongsi.

    Contoh:
      export ARKIB_PORTAL_URL=https://portal.agensi.example/scim/v2
      export ARKIB_PORTAL_TOKEN_FILE=token
      arkib portal inspect                paparkan portal, dan pemetaan untuk diisi
      arkib portal inspect --format json  sama, sebagai JSON untuk program

    Status keluar: 0 jika arkib boleh bekerja dengan portal ini, 1 jika tidak.
help-portal-inspect--requests = Folder dengan `agency.yaml`; pemetaannya disemak, jika ada [lalai: requests, di sini atau dalam folder di atas]
help-portal-rehearse = Membuktikan pemetaan dasar pada satu peti mel ujian
help-portal-rehearse-long =
    Ia membaca peti mel itu, mengaktifkan arkibnya, membacanya semula, menamatkannya, membacanya semula, dan mengembalikannya seperti asal, juga selepas kegagalan atau Ctrl-C. Setiap perubahan direkodkan, dan tiada permohonan dikira dilaksanakan olehnya. Ia menolak peti mel yang dinamakan oleh mana-mana permohonan, yang dilindungi oleh dasar, atau yang ditahan di bawah undang-undang.
help-portal-rehearse-after =
    Penamatan boleh menghilangkan kandungan arkib: gunakan peti mel ujian sahaja.

    Contoh:
      arkib portal rehearse --mailbox ujian@agensi.example
          bertanya alamat itu semula, dan apa yang dipaparkan oleh halaman portal
      arkib portal rehearse --mailbox ujian@agensi.example \
          --confirm ujian@agensi.example --has-archive no
          sama, tanpa terminal

    Persekitaran menyatakan tempat portal sebenar: lihat `arkib reconcile --help`.

    Status keluar: 0 jika pemetaan terbukti, 1 jika tidak, 3 jika peti mel tidak dapat
    dikembalikan atau larian dihentikan, 4 jika peti mel ditolak.
help-portal-rehearse--mailbox = Peti mel ujian; tiada permohonan boleh menamakannya
help-portal-rehearse--confirm = Alamat yang sama sekali lagi, jika tiada terminal untuk bertanya
help-portal-rehearse--has-archive = Sama ada halaman portal sendiri kini memaparkan arkibnya, jika tiada terminal untuk bertanya

# arkib schema, completions dan man.
help-schema = Mencetak JSON Schema sesuatu format, untuk penyunting dan CI
help-schema-after =
    Contoh:
      arkib schema request > request.schema.json
      arkib schema reconcile    output `arkib reconcile --format json`

    Penyunting menggunakan skema jika fail permohonan mempunyai baris ini:
      # yaml-language-server: $schema=request.schema.json
help-schema--format = Format
help-schema--format-request = Fail permohonan
help-schema--format-policy = Dasar agensi, agency.yaml
help-schema--format-reconcile = Output `arkib reconcile --format json`, dengan pelannya
help-schema--format-plan = Fail `arkib reconcile --plan-out`
help-schema--format-record = Satu baris rekod larian
help-schema--format-records = Output `arkib records --format json`
help-schema--format-check = Output `arkib check --format json`
help-schema--format-status = Output `arkib status --format json`
help-schema--format-waiting = Output `arkib status --all --format json`
help-schema--format-new-request = Output `arkib request --format json`
help-schema--format-approve = Output `arkib approve --format json`
help-schema--format-import = Output `arkib import --format json`
help-schema--format-register = Output `arkib register --format json`
help-schema--format-notify = Output `arkib notify --format json`
help-schema--format-inspect = Output `arkib portal inspect --format json`
help-schema--format-rehearse = Output `arkib portal rehearse --format json`
help-schema--format-alert = Apa yang diterima oleh ARKIB_ALERT_URL
help-completions = Mencetak skrip pelengkapan untuk cangkerang
help-completions-after =
    Contoh:
      arkib completions bash > ~/.local/share/bash-completion/completions/arkib
      arkib completions powershell >> $PROFILE
help-completions--shell = Cangkerang
help-man = Mencetak halaman manual sesuatu perintah, untuk `man`
help-man-after =
    Contoh:
      arkib man | man -l -
      arkib man portal rehearse > arkib-portal-rehearse.1
help-man--command = Perintah; tanpanya, halaman arkib sendiri
