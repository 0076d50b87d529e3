# Tetapan persekitaran: pemboleh ubah, dan fail yang dinamakannya.

setting-empty = { $name } kosong
setting-unset = { $name } tidak ditetapkan
setting-unset-help = tetapkan { $name } kepada { $what }
setting-empty-help = tetapkan nilainya, atau buang; rahsia CI yang tidak ditetapkan sering kelihatan begini
setting-file-empty-help = tetapkan { $variable } kepada laluan fail, atau buang; pemboleh ubah CI yang tidak ditetapkan sering kelihatan begini
setting-file-unread = fail yang dinamakan oleh { $variable } tidak dapat dibaca: { $error }
setting-file-unread-help = semak laluan dan keizinannya

# Rahsia.
setting-secret-empty-help = tetapkan { $variable } atau { $file }; rahsia CI yang tidak ditetapkan sering kelihatan begini
setting-secret-file-empty-help = tetapkan { $file } kepada laluan fail yang mengandungi { $name }; rahsia CI yang tidak ditetapkan sering kelihatan begini
setting-no-token = { $name } mengandungi aksara yang tidak dibenarkan dalam token (ruang, baris baharu, aksara kawalan atau huruf di luar ASCII)
setting-no-token-help = salin semula token itu sahaja, pada satu baris
setting-lines = { $name } mengandungi baris baharu, aksara kawalan atau bait yang bukan teks (UTF-8)
setting-lines-help = salin semula nilai itu sahaja, pada satu baris
setting-both = { $variable } dan { $file } kedua-duanya ditetapkan
setting-both-help = tetapkan satu sahaja, supaya jelas yang mana digunakan
setting-neither = { $variable } dan { $file } kedua-duanya tidak ditetapkan
setting-neither-help = tetapkan { $variable } kepada { $name }, atau { $file } kepada fail yang mengandunginya
setting-portal-token = token portal
setting-client-secret = rahsia klien
setting-password = kata laluan
setting-comment-token = token untuk ulasan
setting-records-token = token untuk rekod
setting-token = token
setting-message = mesej

# Alamat.
setting-portal-address = alamat portal
setting-token-address = alamat titik akhir token
setting-alert-address = alamat makluman
setting-api-address = alamat API pelantar Git
setting-mail-address = alamat dalam { $variable }
setting-alert-example = https://hos/hooks/… atau mailto:alamat
setting-portal-instead = token diletakkan dalam { $token } atau { $file }, nama pengguna dalam { $user }
setting-client-instead = nama klien diletakkan dalam { $id }, rahsianya dalam { $secret } atau { $file }
setting-alert-instead = rahsia webhook ada dalam laluannya
setting-api-instead = token diletakkan dalam { $token }
setting-no-url = { $what } bukan URL: { $error }
setting-url-help = tulis { $variable } sebagai { $example }
setting-url-login = { $what } mengandungi nama pengguna atau kata laluan
setting-url-login-help = buang bahagian sebelum @ daripada { $variable }; { $instead }
setting-url-part = { $what } mempunyai bahagian { $part ->
    [hash] #
   *[both] ? atau #
  }
setting-url-part-help = tulis { $variable } tanpanya, seperti { $example }
setting-plain-http = { $what } menggunakan http biasa, yang akan mendedahkan { $secret } kepada orang lain dalam rangkaian
setting-plain-http-help = tulis { $variable } dengan https://; http biasa dibenarkan kepada komputer ini sahaja
setting-no-https = { $what } tidak bermula dengan https://

# Jalan ke pelayan.
setting-proxy = proksi yang dinamakan oleh { $name } tidak dapat digunakan: { $why }
setting-proxy-help = tulis { $name } sebagai http://hos:port atau http://pengguna:kata-laluan@hos:port (aksara khas dikodkan dengan peratus), atau namakan hos itu dalam NO_PROXY dan buang { $name }
setting-proxy-socks = arkib hanya menyokong proksi HTTP, bukan SOCKS
setting-proxy-address = alamat proksi ini tidak sah
setting-no-client = klien HTTPS tidak dapat disediakan: { $why }
setting-no-client-help = pastikan sijil punca sistem telah dipasang (pakej ca-certificates)

# Sijil dan kunci.
setting-key-alone = { $key } ditetapkan, tetapi { $cert } tidak
setting-key-alone-help = tetapkan { $cert } kepada fail dengan sijil yang sepadan dengan kunci itu
setting-no-key = fail yang dinamakan oleh { $place } tidak mengandungi kunci persendirian
setting-no-key-help = tetapkan { $key } kepada fail PEM dengan kunci bagi sijil dalam { $cert }
setting-several-keys = fail yang dinamakan oleh { $cert } dan { $key } mengandungi beberapa kunci persendirian
setting-several-keys-help = simpan hanya kunci yang sepadan dengan sijil itu
setting-other-key = kunci persendirian dalam { $place } tidak sepadan dengan sijil pertama dalam { $cert }
setting-other-key-help = letakkan sijil klien sendiri di tempat pertama dalam { $cert }, kemudian sijil perantaraan, dan pastikan kunci itu sepadan dengannya
setting-bad-key = kunci persendirian dalam { $place } tidak dapat digunakan: { $error }
setting-bad-key-help = arkib menyokong kunci RSA daripada 2048 bit, kunci ECDSA pada P-256 dan P-384, dan Ed25519
setting-more-than-keys = fail yang dinamakan oleh { $cert } dan { $key } mengandungi lebih daripada sijil dan satu kunci
setting-more-than-keys-help = buang permintaan sijil, senarai pembatalan dan seumpamanya daripada fail itu
setting-locked-key = kunci persendirian dalam { $variable } mempunyai frasa laluan, yang tidak dapat ditanya oleh arkib
setting-locked-key-help = buang frasa laluan itu (`openssl pkey -in KEY -out UNLOCKED`) dan benarkan tugas CI itu sahaja membaca fail tersebut
setting-no-pem = fail yang dinamakan oleh { $variable } bukan PEM: { $why ->
    [no-end] satu bahagian tidak ada penghujung
    [no-base64] satu bahagian bukan base64
   *[damaged] fail itu rosak
  }
setting-no-pem-help = salin semula fail itu, dengan setiap baris BEGIN dan END
setting-no-certificate = fail yang dinamakan oleh { $variable } tidak mengandungi sijil
setting-no-certificate-help = fail itu mestilah PEM, dengan baris -----BEGIN CERTIFICATE-----; `openssl x509 -inform der -in FILE -out FILE.pem` menukar fail perduaan
setting-bad-certificate = sijil { $number } dalam fail yang dinamakan oleh { $variable } tidak dapat dibaca: { $error }
setting-bad-certificate-help = dapatkan semula sijil itu daripada pihak berkuasa pensijilannya

# Bukti kelayakan portal.
setting-no-credentials = bukti kelayakan tidak ditetapkan: { $token }, { $file }, { $oauth } dan { $user } semuanya tiada
setting-no-credentials-help = tetapkan { $token } kepada token pembawa portal, atau { $file } kepada fail yang mengandunginya; bagi OAuth tetapkan { $oauth }, dan bagi nama pengguna dan kata laluan { $user }
setting-several = lebih daripada satu jenis bukti kelayakan ditetapkan, sedangkan hanya satu dibenarkan: { $found }
setting-several-empty = { $name } (kosong)
setting-several-help = simpan pemboleh ubah satu jenis sahaja (token, OAuth, atau pengguna dan kata laluan) dan buang yang lain{ $empty ->
    [some] ; pemboleh ubah yang tidak digunakan tidak boleh ditetapkan kepada nilai kosong: rahsia CI yang tidak ditetapkan sering kelihatan begini
   *[none] {""}
  }
setting-colon = { $user } mengandungi titik bertindih, dan pelayan akan membaca apa yang selepasnya sebagai kata laluan
setting-colon-help = tulis nama sahaja, dan kata laluan dalam { $password } atau { $file }
setting-oauth-auth = { $variable } bukan basic dan bukan post
setting-oauth-auth-help = tulis basic, atau post jika titik akhir token menerima rahsia dalam borang sahaja; lalainya basic
setting-scope = { $variable } mengandungi aksara yang tidak dibenarkan dalam skop
setting-scope-help = tulis skop dengan ruang di antaranya, tanpa tanda petikan
setting-is-user = nama pengguna dalam portal
setting-is-token-address = alamat titik akhir token, seperti https://login.agensi.example/oauth2/token
setting-is-client-id = id klien pada titik akhir token
setting-is-portal-address = alamat SCIM portal, seperti https://portal.agensi.example/scim/v2
setting-portal-empty-help = tetapkan { $url } kepada alamat SCIM portal; rahsia CI yang tidak ditetapkan sering kelihatan begini
setting-no-header = bukti kelayakan tidak dapat dihantar dalam pengepala
setting-no-header-help = salin semula nilainya sahaja, pada satu baris
setting-certificates = sijil disediakan, tetapi { $url } menggunakan http biasa, yang tidak memerlukan sijil
setting-certificates-help = tulis { $url } dengan https://, atau buang pemboleh ubah bagi sijil
setting-agency-file = { $first } tidak boleh menjadi pemboleh ubah agensi: `_FILE` ialah penghujung pemboleh ubah yang menamakan fail
setting-agency-file-help = beri { $agency } nama singkat lain dalam agency.yaml, atau buang { $first }

# Pelayan mel.
setting-no-server = { $url } tidak ditetapkan, maka tiada pelayan untuk menghantar notis e-mel
setting-no-server-help = tetapkan { $url } kepada pelayan mel agensi, seperti smtps://mel.agensi.example, atau smtp://mel.agensi.example:587 bagi STARTTLS
setting-mail-url = { $what } { $why ->
    [more] mengandungi lebih daripada hos dan port
    [no-host] tidak ada hos
   *[scheme] tidak bermula dengan smtps:// atau smtp://
  }
setting-mail-url-help = tulis { $url } sebagai smtps://hos, atau sebagai smtp://hos:587 bagi pelayan dengan STARTTLS
setting-mail-login-help = buang bahagian sebelum @; sebagai ganti, tetapkan { $user }, dan { $password } atau { $file }
setting-no-text = fail yang dinamakan oleh { $file } bukan teks
setting-no-text-help = fail itu mesti mengandungi kata laluan sahaja, pada satu baris
setting-mail-control = terdapat aksara kawalan dalam { $user } atau kata laluannya
setting-mail-control-help = salin semula kedua-duanya, setiap satu pada satu baris
setting-no-password = { $user } ditetapkan, tetapi kata laluannya tidak
setting-no-password-help = tetapkan { $password }, atau { $file } kepada fail yang mengandunginya; rahsia CI yang tidak ditetapkan sering kelihatan begini
setting-no-user = kata laluan ditetapkan, tetapi { $user } tidak
setting-no-user-help = tetapkan { $user } kepada nama untuk log masuk, atau buang kata laluan itu
setting-mail-pem = fail yang dinamakan oleh { $variable } bukan PEM
setting-mail-certificate = satu sijil dalam fail yang dinamakan oleh { $variable } tidak dapat dibaca: { $error }
setting-mail-pem-help = fail itu mestilah PEM, dengan baris -----BEGIN CERTIFICATE-----; dapatkan semula daripada pihak berkuasa pensijilannya

# Makluman.
setting-mailto = alamat selepas mailto: tidak sah: { $expected }
setting-mailto-help = tulis { $variable } sebagai mailto: dan satu alamat, seperti mailto:operator@agensi.example
setting-alert-format = { $variable } bukan format makluman
setting-alert-format-help = tetapkan { $variable } kepada salah satu daripada { $words }

# Had sistem.
setting-open-files-help = naikkan had fail terbuka (`ulimit -n`), atau gunakan --concurrency yang lebih rendah
setting-concurrency-help = gunakan --concurrency yang lebih rendah
setting-threads-help = naikkan had proses dan bebenang (`ulimit -u`, atau pids bekas (container))
setting-memory-help = beri arkib lebih banyak memori
setting-file-size-help = naikkan had saiz fail (`ulimit -f`)
