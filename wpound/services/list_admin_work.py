"""What waits for an administrator: the people of the organisation, the jobs, and how the service is."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from wpound.services.access import Person, runs_service
from wpound.services.check_health import BackgroundHealth, check_background
from wpound.services.manage_people import count_people
from wpound.store.jobs import list_job_page
from wpound.store.models.jobs import Job, JobState

FIRST_ROWS = 5


@dataclass(frozen=True, slots=True)
class AdminWork:
    """People who hold a role now, those of them whose account is disabled, and how background work goes.

    ``background`` is None, and ``failed`` empty, for an administrator who does not run the service.
    """

    people: int
    disabled: int
    background: BackgroundHealth | None
    failed: Sequence[Job]


def get_admin_work(session: Session, person: Person) -> AdminWork:
    """What waits for the administrator of the organisation this person acts for."""
    people, disabled = count_people(session, person)
    if not runs_service(session, person):
        return AdminWork(people, disabled, background=None, failed=())
    return AdminWork(
        people=people,
        disabled=disabled,
        background=check_background(session),
        failed=list_job_page(session, state=JobState.FAILED, limit=FIRST_ROWS)[0],
    )
