# The clock of this machine against other clocks.

clock-dry-run = warning: { $why }; only a dry run is not refused
clock-portal = by the clock of this machine it is { $now }, but by that of the portal { $time }
clock-portal-help = set the clock of this machine; if the portal's is wrong, tell its operator
clock-record = by the clock of this machine it is { $now }, but the record { $name } was begun at { $time }
clock-record-help = set the clock of this machine; if that of the machine that wrote the record was wrong, move the record out of the folder
clock-commit = by the clock of this machine it is { $now }, but the commit { $commit } was made at { $time }
clock-commit-help = set the clock of this machine; if that of the machine that made the commit was wrong, make another commit
