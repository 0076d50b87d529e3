# arkib status.

status-shown = shown
