"""Who acts in the demonstration, and what its tenders are called."""

OFFICER = "officer@demo.example"
APPROVER = "approver@demo.example"
MANAGER = "manager@demo.example"
EVALUATORS = ("evaluator@demo.example", "evaluator2@demo.example", "evaluator3@demo.example")
# Registered to nobody, as an open contracting prefix would be.
OCID_PREFIX = "ocds-example-"
AWARDED_OCID = f"{OCID_PREFIX}grounds-maintenance"
MARKED_OCID = f"{OCID_PREFIX}office-cleaning"
AWARDED_CONTRACT = "EX-2025-001"
# Its returns wait for somebody to check them.
MANAGED_CONTRACT = "EX-2025-002"
