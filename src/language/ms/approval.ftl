# Kelulusan dalam pull request.
approval-day-help = tulis tarikh kelulusan itu diberikan
approval-day-again-help = minta pelulus meluluskannya semula, dan tulis tarikh itu
approval-day = kelulusan bertarikh { $day } ditemui; sepatutnya tarikh dari { $first } hingga { $as_of }
approval-too-few = { $has } daripada { $needs } kelulusan ditemui, seperti yang dikehendaki oleh dasar sejak { $since }
approval-too-few-help = kelulusan bertarikh lebih awal sudah terlewat bagi peraturan terdahulu: minta kelulusan lain juga
approval-new-policy = permohonan ini diluluskan di bawah dasar yang belum digabungkan
approval-new-policy-help = gabungkan dasar dahulu, dalam pull request yang berasingan; selepas itu pelulusnya boleh meluluskan
approval-former = menurut dasar, orang ini bukan lagi pelulus
approval-former-help = minta salah seorang pelulus dalam dasar meluluskannya

# Permohonan yang tidak dapat diluluskan.
approval-nobody-can-sign = kelulusan mesti ditandatangani, tetapi tiada sesiapa dapat menandatangani: tiada kunci dalam allowed_signers dan tiada sijil dalam authorities.pem
approval-nobody-can-sign-help = tulis kunci pelulus dalam allowed_signers di sisi dasar; docs/ms/APPROVALS.md menunjukkan barisnya
approval-unreachable = permohonan ini tidak dapat diluluskan: { $all } kelulusan diperlukan, dan { $may ->
    [0] tiada pelulus
   *[other] hanya { $may } pelulus
  } boleh memberikannya
approval-unreachable-help = pemohon dan peti mel berkenaan tidak boleh meluluskan: namakan lebih ramai pelulus dalam dasar, atau failkan peti mel mereka sebagai permohonan yang berasingan
