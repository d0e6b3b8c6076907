"""One family of problems a file; `registry` holds a line for each."""
