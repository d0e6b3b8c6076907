"""Cards and progress in from elsewhere and out again, and the progress of two machines joined.

Readers turn a foreign file into `Incoming`, `plan` says what would become of it, `take` does it.
Writers and `merge` stand beside them, one file each.
"""
