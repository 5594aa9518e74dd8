"""Who acts in the demonstration, and what its tenders are called."""

OFFICER = "officer@demo.example"
APPROVER = "approver@demo.example"
EVALUATORS = ("evaluator@demo.example", "evaluator2@demo.example", "evaluator3@demo.example")
# Registered to nobody, as an open contracting prefix would be.
OCID_PREFIX = "ocds-example-"
AWARDED_OCID = f"{OCID_PREFIX}grounds-maintenance"
MARKED_OCID = f"{OCID_PREFIX}office-cleaning"
