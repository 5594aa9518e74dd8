"""Pages for results, robustness, award and hand-over: every address of theirs is in the table below."""

from flask import Blueprint

from wpound.web.buyer.award import views_award, views_handover, views_letters, views_result, views_robustness

LOT = "/tenders/<ocid>/lots/<int:lot>"
BOTH = ["GET", "POST"]


def add_pages(blueprint: Blueprint) -> None:
    """Add these pages to those of the buyer."""
    _add_result(blueprint)
    _add_award(blueprint)
    _add_handover(blueprint)


def _add_result(blueprint: Blueprint) -> None:
    result, robustness = views_result, views_robustness
    blueprint.add_url_rule(f"{LOT}/result", view_func=result.result)
    blueprint.add_url_rule(f"{LOT}/result/score", view_func=result.evaluate, methods=["POST"])
    blueprint.add_url_rule(f"{LOT}/result/score-again", view_func=result.rescore, methods=BOTH)
    blueprint.add_url_rule(f"{LOT}/result/bids/<int:bid_id>", view_func=result.score_lines)
    blueprint.add_url_rule(f"{LOT}/result/download.<extension>", view_func=result.result_download)
    blueprint.add_url_rule(f"{LOT}/robustness", view_func=robustness.robustness)
    blueprint.add_url_rule(f"{LOT}/robustness/show", view_func=robustness.show_robustness, methods=["POST"])
    blueprint.add_url_rule(f"{LOT}/robustness/<name>.svg", view_func=robustness.robustness_chart)
    blueprint.add_url_rule("/tenders/<ocid>/record.<extension>", view_func=views_letters.audit_record)


def _add_award(blueprint: Blueprint) -> None:
    award, letters = views_award, views_letters
    blueprint.add_url_rule(f"{LOT}/award", view_func=award.award, methods=BOTH)
    blueprint.add_url_rule(f"{LOT}/award/approve", "approve_award", award.approve, methods=["POST"])
    blueprint.add_url_rule(f"{LOT}/award/take-back", "take_back_award", award.take_back, methods=BOTH)
    blueprint.add_url_rule(f"{LOT}/award/redactions", view_func=award.redactions, methods=BOTH)
    undo = f"{LOT}/award/redactions/<int:redaction_id>/undo"
    blueprint.add_url_rule(undo, "undo_redaction", award.undo, methods=["POST"])
    blueprint.add_url_rule(f"{LOT}/award/issue", "issue_summaries", award.issue, methods=BOTH)
    blueprint.add_url_rule(f"{LOT}/award/notice", "award_notice", award.notice, methods=BOTH)
    blueprint.add_url_rule(f"{LOT}/award/end", "end_lot", award.end, methods=BOTH)
    blueprint.add_url_rule(f"{LOT}/award/report.pdf", view_func=letters.evaluation_report)
    blueprint.add_url_rule(f"{LOT}/award/release.json", "award_release", letters.release)
    blueprint.add_url_rule(f"{LOT}/award/summaries/<int:bid_id>.<extension>", view_func=letters.bidder_summary)
    blueprint.add_url_rule(f"{LOT}/award/letters/<int:bid_id>.pdf", view_func=letters.bidder_letter)


def _add_handover(blueprint: Blueprint) -> None:
    handover = views_handover
    blueprint.add_url_rule(f"{LOT}/handover", view_func=handover.handover, methods=BOTH)
    promise = f"{LOT}/handover/<int:commitment_id>"
    blueprint.add_url_rule(promise, "settle_promise", handover.settle, methods=BOTH)
    blueprint.add_url_rule(f"{LOT}/handover/calendar.ics", "delivery_calendar", handover.calendar)
