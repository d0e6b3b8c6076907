"""Card text and TeX into terminal lines and plain text, and the one door for untrusted text.

Nothing heavy is imported here: the mathematics is loaded when the first formula is drawn.
"""

from studykit.typeset.clean import Stain, clean, stains

__all__ = ["Stain", "clean", "stains"]
