# Pelantar Git (GitHub, GitLab, Forgejo), dan tugas CI di situ yang menjalankan sesuatu perintah.

# Maksud sesuatu status.
forge-status = { $word ->
    [token] { $forge } tidak menerima token itu ({ $status })
    [forbidden] token itu tidak dibenarkan melakukan ini di { $forge } ({ $status })
    [absent] { $forge } tidak menunjukkan { $forge ->
        [GitLab] merge request
       *[other] pull request
      } itu kepada token ({ $status })
    [redirects] { $forge } mengalihkan ke alamat lain ({ $status }), yang tidak diikuti oleh arkib, supaya token tidak dihantar ke tempat lain
    [busy] { $forge } tidak menerima permintaan lagi buat masa ini ({ $status })
    [failed] { $forge } gagal ({ $status })
   *[refuses] { $forge } menolak permintaan itu ({ $status })
  }
forge-status-help = { $word ->
    [redirects] semak { $variable }; projek yang dinamakan semula mempunyai alamat baharu
    [busy] jalankan tugas itu semula kemudian
    [failed] jalankan tugas itu semula; jika terus gagal, maklumkan kepada pengendali { $forge }
   *[refuses] jika mesejnya tidak menyatakan apa yang salah, tunjukkan mesej ini kepada pengendali { $forge }
  }
forge-token-help = { $forge ->
    [GitHub] berikan `permissions: pull-requests: write` kepada tugas itu, dan GITHUB_TOKEN daripada `github.token` kepada langkahnya; atau tetapkan ARKIB_COMMENT_TOKEN
    [GitLab] tetapkan ARKIB_COMMENT_TOKEN kepada token akses projek, dengan peranan Reporter dan skop api; token itu mungkin telah tamat tempoh
   *[other] berikan GITHUB_TOKEN daripada `github.token` kepada langkah itu; atau tetapkan ARKIB_COMMENT_TOKEN kepada token yang boleh membaca repositori dan menulis isu (read:user, read:repository, write:issue)
  }

# Kandungan jawapan yang berjaya.
forge-answer = { $word ->
    [too-long] { $forge } menjawab dengan lebih daripada yang dibaca oleh arkib
    [too-slow] { $forge } mengambil masa terlalu lama untuk menyenaraikan ulasan
    [web-page] { $forge } menjawab dengan halaman web
   *[other] { $forge } menjawab dengan sesuatu yang lain daripada jawapan API
  }
forge-answer-help = { $word ->
    [too-long] semak { $variable }
    [too-slow] jalankan tugas itu semula kemudian, dan semak { $variable }
    [web-page] semak bahawa { $variable } ialah alamat APInya, dan bahawa tiada proksi atau halaman log masuk di hadapannya
   *[other] semak bahawa { $variable } ialah alamat APInya
  }

# Apa yang tiada pada tugas CI.
forge-no-token = tiada token untuk menulis ulasan: { $forge ->
    [GitLab] ARKIB_COMMENT_TOKEN dan ARKIB_COMMENT_TOKEN_FILE tidak ditetapkan
   *[other] GITHUB_TOKEN, ARKIB_COMMENT_TOKEN dan ARKIB_COMMENT_TOKEN_FILE tidak ditetapkan
  }
forge-no-token-help = { $forge ->
    [GitLab] tetapkan ARKIB_COMMENT_TOKEN kepada token akses projek, dengan peranan Reporter dan skop api
   *[other] berikan GITHUB_TOKEN daripada `github.token` kepada langkah itu
  }
forge-no-job = ini bukan tugas CI GitHub, GitLab, Forgejo atau Gitea: GITHUB_ACTIONS, GITLAB_CI, FORGEJO_ACTIONS dan GITEA_ACTIONS tidak ditetapkan
forge-pull-request-help = jalankan ini dalam tugas CI bagi pull request (GitHub, Forgejo, Gitea: `on: pull_request`; GitLab: `{ $rule }`)
forge-no-pull-request = tugas CI ini bukan bagi pull request: { $why }
forge-no-merge-request = CI_MERGE_REQUEST_IID bukan nombor
forge-event-unread = fail yang dinamakan oleh { $name } bukan peristiwa pull request: { $error }
forge-event-none = peristiwanya tiada pull request
forge-event-no-number = GITHUB_REF dan peristiwanya tiada nombor
forge-unset = { $name } tidak ditetapkan
forge-unset-help = setiap tugas CI pelantar sedemikian mempunyainya: teruskannya kepada bekas (container) atau skrip yang menjalankan arkib
