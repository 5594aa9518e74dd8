"""The database: models and one query module a noun."""
