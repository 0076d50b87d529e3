# `arkib init`: soalannya, apa yang salah, dan langkah seterusnya.

init-missing-agency = nama ringkas agensi: --agency KOD
init-missing-name = namanya, seperti dalam surat: --name TEKS
init-missing-domain = domain peti melnya: --domain DOMAIN
init-missing-approver = siapa yang boleh meluluskan: --approver ALAMAT
init-ask-agency = Apakah nama ringkas agensi? Contohnya CONTOH:{" "}
init-ask-name = Apakah nama penuhnya? Contohnya Jabatan Contoh Malaysia:{" "}
init-ask-domains = Apakah domain peti melnya? Contohnya agensi.example:{" "}
init-ask-approvers = Siapa yang boleh meluluskan? Alamat, seperti ketua.unit@{ $domain }:{" "}
init-kinds =
    Bagaimanakah arkib diubah?
      1 agency  oleh arkib, dalam portal dengan SCIM 2.0
      2 files   oleh pegawai, yang memuat naik fail yang ditulis oleh arkib
      3 shards  seperti 1, pada lapan mesin, bagi peti mel yang amat banyak
      4 trial   dalam portal pembangunan, untuk mencuba arkib
init-ask-kind = Yang mana? Nombor atau perkataan, atau Enter bagi 1:{" "}
init-unknown-kind = agency, files, shards atau trial dijangka, atau nombor dari 1 hingga 4
init-no-shards-at-forgejo = Tiada apa-apa ditulis: tiada tugas CI Forgejo yang berjalan pada lapan mesin. Tugas itu ialah aliran kerja yang memanggil satu sama lain, yang dijadikan satu tugas sebelum versi 15.
init-no-shards-at-forgejo-help = gunakan --kind agency, pelantar lain, atau kluster Kubernetes (examples/shards)
init-nothing-written = Tiada apa-apa ditulis: { $why }.
init-unwritable = { $path } tidak dapat ditulis: { $why }
init-unwritable-help = namakan folder yang boleh anda tulis
init-just-taken = fail itu baru sahaja ditulis oleh orang lain
init-readme-stays = { $file } dikekalkan.
init-no-random = sistem tidak memberikan nombor rawak
init-policy-faulty = dasar itu akan mempunyai masalah
init-policy-faulty-help = berikan nilai lain; setiap penemuan menyatakan apa yang dijangka
init-next =
    Seterusnya (tiada satu pun mengubah arkib):
      1. { $first }
         `{ $plan }`
      2. Tulis nama pasukan anda dalam CODEOWNERS, dan alamat pakej arkib dalam
         ARKIB_DOWNLOAD pada tugas CI. Tetapkan versinya:
         `sh ci/setup-arkib --pin VERSION`
      3. Buat commit (folder baharu belum lagi repositori: `git init -b main`), hantar
         (push), dan sediakan pelantar seperti dalam README.md. Kemudian buka pull
         request dengan permohonan pertama: `arkib request enable`
init-first-scim =
    Tetapkan ARKIB_PORTAL_URL dan ARKIB_PORTAL_TOKEN_FILE; `arkib portal inspect`
         menunjukkan sama ada portal sesuai, dan `arkib portal` ialah portal raptai.
         Pelan pertama:
init-first-files = Lihat pelan pertama, daripada eksport rekaan:
init-first-trial = Lihat pelan pertama; portal.csv mengandungi peti mel portalnya:

# Apa yang menghalang.
init-unusable = { $path } tidak dapat digunakan: { $error }
init-unusable-help = namakan folder lain
init-git-folder = { $path } ialah folder git sendiri
init-git-folder-help = namakan folder yang mempunyai pokok kerja (*work tree*), seperti folder klon
init-inside = amaran: { $path } ialah folder dalam repositori { $top }. Pelantar Git membaca tugas CI, seperti `.github/`, di bahagian teratas repositori sahaja: pindahkan fail itu ke sana, atau jadikan folder ini repositori sendiri.
init-file-there = { $path } ialah fail, sedangkan folder diperlukan di situ
init-file-there-help = alihkannya, atau namakan folder lain
init-link = { $path } ialah pautan, yang mungkin menghala ke mana-mana
init-link-help = buang pautan itu, atau namakan folder lain
init-left = larian terdahulu terputus; { $path } tertinggal
init-left-help = padamkan { $paths }, kemudian jalankan semula
init-some-written = { $count } fail sudah ada seperti yang ditulis oleh `arkib init`, dan yang lain tiada: larian terdahulu terputus
init-taken = { $count } fail sudah ada, antaranya { $first }
init-taken-help = namakan folder baharu, atau alihkan fail itu
