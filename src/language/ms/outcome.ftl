# Keputusan perubahan dalam sesuatu larian.

outcome-applied = { $count } dilaksanakan
