# arkib register.

register-offline-help = or use --offline, which reads only the records
