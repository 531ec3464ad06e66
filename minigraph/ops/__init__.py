"""The ops, one family a file: each written once, against the array API standard."""
