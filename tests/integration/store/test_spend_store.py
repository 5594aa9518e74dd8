"""Files in and out: all or nothing, once each, and always traceable."""

from datetime import date

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wpound.core.errors import Issue, NotFound, Severity, StateError
from wpound.core.money import Money
from wpound.store import spend
from wpound.store.engine import reading, writing
from wpound.store.models.spend import FileStatus, SpendFile, SpendLine
from wpound.store.suppliers import PayeeKey, add_payees
from wpound.store.workload import list_file_rows

DAY = date(2026, 3, 31)
PAYMENTS = [("Alder", DAY, 12_345), ("Birch", None, -500), ("Alder", date(2026, 4, 1), 1)]


def test_lines_come_back_as_they_were_read(session: Session, make) -> None:
    council = make.organisation(session)
    file = make.spend_file(session, make.source(session, council), PAYMENTS)

    found = spend.list_lines(session, organisation_id=council.id)

    assert [(line.line_number, payee.name, line.paid_on, line.net_pence.pence) for line, payee in found] == [
        (2, "Alder", DAY, 12_345),
        (3, "Birch", None, -500),
        (4, "Alder", date(2026, 4, 1), 1),
    ]
    assert [(line.financial_year, line.quarter) for line, _ in found] == [(2025, 4), (0, 0), (2026, 1)]
    assert found[0][0].raw == "Alder,12345"
    assert found[0][0].department is None
    assert file.status is FileStatus.ACCEPTED


def test_the_same_file_twice_is_refused_and_the_first_stays(engine: Engine, make) -> None:
    with writing(engine) as session:
        source = make.source(session, make.organisation(session))
        make.spend_file(session, source, PAYMENTS)
    with pytest.raises(StateError, match="already"), writing(engine) as session:
        make.spend_file(session, source, PAYMENTS)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(SpendLine)) == len(PAYMENTS)


def test_the_same_rows_under_another_name_are_refused(engine: Engine, make) -> None:
    with writing(engine) as session:
        source = make.source(session, make.organisation(session))
        make.spend_file(session, source, PAYMENTS)
        assert spend.find_same_file(session, source_id=source.id, sha256="other", content_hash="a" * 64) is not None
        assert spend.find_same_file(session, source_id=source.id, sha256="other") is None
    with pytest.raises(StateError, match="already"), writing(engine) as session:
        saved_again = spend.begin_file(
            session, source_id=source.id, file_name="again.csv", sha256="b" * 64, imported_by="finance"
        )
        spend.accept_file(session, saved_again, {"content_hash": "a" * 64}, with_warnings=False)


def test_a_withdrawn_file_may_come_in_again(session: Session, make) -> None:
    council = make.organisation(session)
    source = make.source(session, council)
    first = make.spend_file(session, source, PAYMENTS)
    spend.withdraw_file(session, first.id, by="finance", because="Wrong basis")
    assert spend.list_lines(session, organisation_id=council.id) == []

    second = make.spend_file(session, source, PAYMENTS)

    assert {line.file_id for line, _ in spend.list_lines(session, organisation_id=council.id)} == {second.id}
    files, count = list_file_rows(session, organisation_id=council.id, limit=9)
    assert ([file.file_id for file in files], count) == ([second.id, first.id], 2)


def test_a_refused_file_leaves_its_reason_and_may_be_tried_again(session: Session, make) -> None:
    council = make.organisation(session)
    source = make.source(session, council)
    for _ in range(2):
        spend.refuse_file(
            session,
            source_id=source.id,
            file_name="page.csv",
            sha256="c" * 64,
            because="This is a web page, not a spend file.",
            report=[],
            imported_by="finance",
        )

    assert spend.find_same_file(session, source_id=source.id, sha256="c" * 64) is None
    files, _ = list_file_rows(session, organisation_id=council.id, limit=9)
    assert {file.refused_because for file in files} == {"This is a web page, not a spend file."}


@pytest.mark.parametrize("figures", [{"total": Money(1)}, {"loaded_rows": 2, "row_count": 2}])
def test_figures_that_are_not_what_was_stored_stop_the_import(engine: Engine, make, figures) -> None:
    with pytest.raises(StateError, match="Nothing was imported"), writing(engine) as session:
        source = make.source(session, make.organisation(session))
        file = spend.begin_file(session, source_id=source.id, file_name="a.csv", sha256="d" * 64, imported_by="x")
        payee = add_payees(session, [PayeeKey("Alder")], organisation_id=source.organisation_id)[PayeeKey("Alder")]
        spend.insert_lines(
            session, file, [spend.NewLine("", 2, payee, DAY, 5, None, None, None, None, None, "Alder,0.05")]
        )
        right = {"row_count": 1, "loaded_rows": 1, "total": Money(5)}
        spend.accept_file(session, file, right | figures, with_warnings=False)
    with reading(engine) as session:
        assert session.scalars(select(SpendFile.id)).all() == []


def test_rows_that_are_not_accounted_for_are_refused_by_the_database(engine: Engine, make) -> None:
    with pytest.raises(IntegrityError, match="rows_accounted_for"), writing(engine) as session:
        source = make.source(session, make.organisation(session))
        file = spend.begin_file(session, source_id=source.id, file_name="a.csv", sha256="d" * 64, imported_by="x")
        spend.accept_file(session, file, {"row_count": 3, "refused_rows": 2}, with_warnings=True)


def test_a_settled_file_takes_no_more_lines(session: Session, make) -> None:
    file = make.spend_file(session, make.source(session, make.organisation(session)), PAYMENTS)

    with pytest.raises(StateError, match="imported already"):
        spend.insert_lines(session, file, [])


def test_a_line_takes_only_whole_pence(engine: Engine, make) -> None:
    with pytest.raises(TypeError, match="whole pence"), writing(engine) as session:
        make.spend_file(session, make.source(session, make.organisation(session)), [("Alder", DAY, 1.5)])


def test_issues_keep_their_place(session: Session, make) -> None:
    file = make.spend_file(session, make.source(session, make.organisation(session)), PAYMENTS)
    issue = Issue("no_day", Severity.WARNING, "The day cannot be read.", "Sheet1", 3, "Date", "32/01/2026")
    spend.add_issues(session, file, [issue])

    (found,), count = spend.list_issues(session, file.id, limit=1)
    assert count == 1
    assert (found.code, found.severity, found.sheet, found.line_number, found.column_name, found.value) == (
        "no_day",
        Severity.WARNING,
        "Sheet1",
        3,
        "Date",
        "32/01/2026",
    )


def test_pages_of_lines_follow_on(session: Session, make) -> None:
    council = make.organisation(session)
    source = make.source(session, council)
    make.spend_file(session, source, PAYMENTS)
    make.spend_file(session, source, PAYMENTS[:2], sha256="b" * 64)
    whole = [_key(line) for line, _ in spend.list_lines(session, organisation_id=council.id)]

    pages, after = [], None
    while page := spend.list_lines(session, organisation_id=council.id, after=after, limit=2):
        pages += [_key(line) for line, _ in page]
        after = pages[-1]

    assert pages == whole
    assert len(whole) == 5


def _key(line: SpendLine) -> tuple[int, str, int]:
    return line.file_id, line.sheet, line.line_number


def test_nobody_sees_another_organisations_files(session: Session, make) -> None:
    council, college = make.organisation(session), make.organisation(session, "college", anchor_kind="college")
    file = make.spend_file(session, make.source(session, council), PAYMENTS)

    assert spend.get_file(session, file.id, organisation_id=council.id) is file
    with pytest.raises(NotFound):
        spend.get_file(session, file.id, organisation_id=college.id)
    assert list_file_rows(session, organisation_id=college.id, limit=9) == ([], 0)
    assert spend.list_lines(session, organisation_id=college.id, file_id=file.id) == []
