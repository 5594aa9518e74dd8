"""Spend files in, clean rows and issues out. The only room where pandas lives."""
