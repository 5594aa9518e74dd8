"""The forms by which two officers publish a tender."""

from collections.abc import Sequence
from typing import Any

from wpound.services.approve_tender import PossibleOpener
from wpound.services.clock import LONDON
from wpound.services.view_tender import TenderView
from wpound.store.sealing import FEWEST_OPENERS
from wpound.web.fields import CheckboxesField, CheckboxField, DateField, FileField, LongTextField, TextField
from wpound.web.forms import EditForm
from wpound.web.moments import TimeField
from wpound.web.security import LARGEST_UPLOAD


class ApprovalForm(EditForm):
    """When bids close, and on which day the values of measures count."""

    deadline_on = DateField(
        "Last day for bids", missing="Enter the last day for bids", description="For example, 30 4 2027."
    )
    deadline_at = TimeField(
        "Time on that day",
        missing="Enter the time on that day",
        description="As clocks in London show it, like 12:00 or 5pm.",
    )
    as_of = DateField(
        "Day whose values count",
        missing="Enter the day whose values count",
        description="Values of measures in pounds are those in force on this day, for every bid.",
    )

    @classmethod
    def of(cls, view: TenderView, **options: Any) -> "ApprovalForm":
        """The form as the draft stands; values count as today unless an earlier sending said otherwise."""
        at = view.tender.deadline_at and view.tender.deadline_at.astimezone(LONDON)
        data = {"version": view.tender.version, "as_of": view.tender.as_of or view.today}
        if at:
            data |= {"deadline_on": at.date(), "deadline_at": at.time()}
        return cls(data=data, **options)


class BackForm(EditForm):
    """Why a draft is to be worked on again."""

    reason = LongTextField("What is to be changed", missing="Enter what is to be changed", longest=1000)


class PublishForm(EditForm):
    """Who may open the bids, and that everything was read."""

    openers = CheckboxesField(
        "Openers",
        {},
        missing="Select the openers",
        description="Any two of them can open the bids, nobody without two.",
    )
    has_read = CheckboxField(
        "I have read everything on this page and approve it",
        missing="Confirm that you have read everything and approve it",
    )

    @classmethod
    def of(cls, view: TenderView, openers: Sequence[PossibleOpener], **options: Any) -> "PublishForm":
        """The form, with the officers who could open the bids."""
        form = cls(data={"version": view.tender.version}, **options)
        form.openers.offer({str(one.user_id): f"{one.name} ({one.email})" for one in openers})
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """One opener alone could open nothing."""
        sound = bool(super().validate(extra_validators))
        if not self.openers.errors and len(self.openers.data or ()) < FEWEST_OPENERS:
            self.openers.errors = [f"Select at least {FEWEST_OPENERS} openers"]
        return sound and not self.errors


class DocumentForm(EditForm):
    """A file for bidders."""

    title = TextField("Title", missing="Enter a title", longest=200, description="For example, Specification.")
    file = FileField(
        "File", missing="Select a file", largest=LARGEST_UPLOAD, description="PDF, XLSX, CSV, PNG or JPG, at most 5 MB."
    )
