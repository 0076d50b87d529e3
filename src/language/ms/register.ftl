# arkib register.

register-offline-help = atau gunakan --offline, yang hanya membaca rekod
