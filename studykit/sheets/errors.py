"""What goes wrong with sheets, as a sentence for the person who asked."""


class SheetError(ValueError):
    """A choice that cannot be made, a sheet that cannot be read, a file that cannot be written."""
