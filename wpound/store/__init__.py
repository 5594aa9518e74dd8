"""The database: models, one query module a noun, the engine. Functions take the session first, flush, never commit."""
