"""Postcodes and the tables that say where they are."""
