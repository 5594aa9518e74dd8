"""The rules: pure functions on the standard library, no clock, files or database."""
