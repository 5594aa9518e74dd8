"""Use cases: check access, call store and core, write the audit event."""
