# arkib status.

status-shown = dipaparkan
