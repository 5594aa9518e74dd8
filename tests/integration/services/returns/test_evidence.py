"""Files behind claims: kept by hash, seen by those who may, told where they are twice, and sealed under one root."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from wpound.cli.evidence import command
from wpound.config import Settings
from wpound.core.bids import Commitment as Promise
from wpound.core.delivery import Side
from wpound.core.errors import InputError, NotFound, StaleEdit, StateError, TryLater
from wpound.core.merkle import merkle_root
from wpound.documents.evidence_manifest import manifest_facts
from wpound.services import keep_evidence
from wpound.services.access import Person
from wpound.services.check_claim import query_claim
from wpound.services.check_file import check_file
from wpound.services.find_duplicates import ELSEWHERE, find_duplicates
from wpound.services.keep_evidence import (
    add_evidence,
    list_sent_evidence,
    open_evidence,
    open_own_evidence,
    remove_evidence,
)
from wpound.services.make_evidence_manifest import make_evidence_manifest
from wpound.store.audit import list_events
from wpound.store.engine import reading, writing
from wpound.store.evidence_folder import sweep
from wpound.store.models.evidence import Evidence
from wpound.store.returns import get_return

PHOTO, LIST = b"\xff\xd8\xff of a park", b"week,hours\n1,12\n"
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def attach(
    reporting: Any, found: Any, measure: str, name: str = "hours.csv", content: bytes = LIST, **more: Any
) -> Evidence:
    """A file put behind the line of a measure."""
    person = more.pop("person", reporting.ann)
    more.setdefault("description", "Hours by week")
    more.setdefault("has_personal_data", False)
    return add_evidence(
        reporting.session,
        person,
        found.id,
        reporting.claim(found, measure).id,
        check_file(reporting.settings, name, content),
        settings=reporting.settings,
        **more,
    )


def kept_files(settings: Settings) -> set[str]:
    """The names of all files in the folder of evidence."""
    return {path.name for path in (settings.data_dir / "evidence").rglob("*") if path.is_file()}


@ON_SQLITE
def test_a_file_is_kept_by_its_hash_and_read_by_both_sides(reporting: Any) -> None:
    found = reporting.open()
    row = attach(reporting, found, "volunteering-hours", "../Hours\u202e Ann Example.csv", has_personal_data=True)
    claim = reporting.claim(found, "volunteering-hours")
    read = {"settings": reporting.settings}

    assert (row.name, row.media_type, row.byte_count) == ("Hours Ann Example.csv", "text/csv", len(LIST))
    assert (row.has_personal_data, row.added_by, row.scanned_by) == (True, "ann@example.org", None)
    assert kept_files(reporting.settings) == {row.sha256}
    assert open_own_evidence(reporting.session, reporting.ben, found.id, claim.id, row.id, **read)[1] == LIST
    with pytest.raises(NotFound):
        open_evidence(reporting.session, reporting.olga, found.id, row.id, **read)

    reporting.submit(reporting.fill(found))
    assert open_evidence(reporting.session, reporting.mia, found.id, row.id, **read)[1] == LIST

    event = list_events(reporting.session, object_kind="claim", object_id=claim.id)[0]
    assert (event.action, event.actor, event.detail["file"]) == ("evidence.added", "ann@example.org", row.sha256)
    assert "Example.csv" not in json.dumps(event.detail)


@ON_SQLITE
def test_a_return_is_sent_with_the_files_that_were_looked_at(reporting: Any) -> None:
    found = reporting.fill(reporting.open())
    shown = found.version
    row = attach(reporting, found, "volunteering-hours", person=reporting.ben)
    with pytest.raises(StaleEdit):
        reporting.submit(found, version=shown)
    shown = get_return(reporting.session, found.id).version
    own = {"settings": reporting.settings}
    remove_evidence(reporting.session, reporting.ben, found.id, row.claim_id, row.id, **own)
    with pytest.raises(StaleEdit):
        reporting.submit(found, version=shown)


@ON_SQLITE
def test_files_of_others_do_not_exist(reporting: Any) -> None:
    found = reporting.open()
    row = attach(reporting, found, "volunteering-hours")
    claim = reporting.claim(found, "volunteering-hours").id
    other = reporting.claim(found, "local-jobs").id
    reporting.submit(reporting.fill(found))
    own = {"settings": reporting.settings}
    refused: list[Callable[[], Any]] = [
        lambda: open_own_evidence(reporting.session, reporting.stranger, found.id, claim, row.id, **own),
        lambda: open_own_evidence(reporting.session, reporting.ann, found.id, other, row.id, **own),
        lambda: open_own_evidence(reporting.session, reporting.ann, found.id, claim, row.id + 1, **own),
        lambda: open_evidence(reporting.session, reporting.hugo, found.id, row.id, **own),
        lambda: open_evidence(reporting.session, reporting.olga, found.id, row.id + 1, **own),
        lambda: remove_evidence(reporting.session, reporting.stranger, found.id, claim, row.id, **own),
        lambda: attach(reporting, found, "local-jobs", person=reporting.stranger),
        lambda: make_evidence_manifest(
            reporting.session, reporting.stranger, Side.SUPPLIER, found.id, reporting.catalogue
        ),
        lambda: make_evidence_manifest(reporting.session, reporting.hugo, Side.BUYER, found.id, reporting.catalogue),
    ]
    for act in refused:
        with pytest.raises(NotFound):
            act()


@ON_SQLITE
def test_what_a_line_and_a_return_hold_is_limited(reporting: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = reporting.open()
    attach(reporting, found, "local-jobs", "first.csv")

    with pytest.raises(InputError, match=r"behind this line already, as first\.csv"):
        attach(reporting, found, "local-jobs", "second.csv")
    for words in ("  \n ", "x" * 301):
        with pytest.raises(InputError, match="Say what the file shows") as refused:
            attach(reporting, found, "carbon-fleet", description=words)
        assert refused.value.field == "description"

    attach(reporting, found, "carbon-fleet", "first.csv", description="x " * 150)
    for number in range(19):
        attach(reporting, found, "local-jobs", f"{number}.csv", b"%d" % number)
    with pytest.raises(InputError, match="at most 20 files"):
        attach(reporting, found, "local-jobs", "one too many.csv", b"another")

    monkeypatch.setattr(keep_evidence, "MOST_OF_RETURN", 2 * len(LIST) + 28 + 1023)
    attach(reporting, found, "volunteering-hours", "most.csv", b"x" * 1023)
    with pytest.raises(InputError, match="0 KB are left"):
        attach(reporting, found, "volunteering-hours", "little.csv", b"x")


def test_nothing_is_kept_that_was_not_found_clean(tmp_path: Path) -> None:
    settings = Settings.from_environment({"WPOUND_DATA_DIR": str(tmp_path), "WPOUND_CLAMD": f"unix:{tmp_path}/none"})

    with pytest.raises(TryLater, match="Try again in a few minutes"):
        check_file(settings, "hours.csv", LIST)
    with pytest.raises(InputError, match="not of a kind"):
        check_file(settings, "hours.exe", LIST)
    assert not (tmp_path / "evidence").exists()


@ON_SQLITE
def test_files_are_locked_with_the_line_and_open_again_with_a_query(reporting: Any) -> None:
    found = reporting.open()
    row = attach(reporting, found, "volunteering-hours", "hours.csv")
    sent = reporting.submit(reporting.fill(found))
    root, claim = sent.evidence_root, reporting.claim(sent, "volunteering-hours")
    own = {"settings": reporting.settings}
    for act in (
        lambda: attach(reporting, sent, "volunteering-hours", "more.csv", b"more"),
        lambda: remove_evidence(reporting.session, reporting.ann, sent.id, claim.id, row.id, **own),
    ):
        with pytest.raises(StateError, match="with the buyer"):
            act()

    ask(reporting, sent, claim)
    added = attach(reporting, sent, "volunteering-hours", "photo.jpg", PHOTO)
    remove_evidence(reporting.session, reporting.ann, sent.id, claim.id, row.id, **own)
    with pytest.raises(StateError, match="with the buyer"):
        attach(reporting, sent, "local-jobs", "more.csv", b"more")

    # What the answer will hold is the supplier's own until it is given; the buyer's manifest is still of what was sent.
    assert list_sent_evidence(reporting.session, get_return(reporting.session, sent.id).claims)[claim.id] == []
    with pytest.raises(NotFound):
        open_evidence(reporting.session, reporting.olga, sent.id, added.id, **own)
    facts = told(reporting, reporting.olga, Side.BUYER, sent)
    assert facts["root"] == facts["sent_root"] == root == merkle_root([row.sha256])
    assert [(one["sha256"], one["removed"]) for one in files_of(facts)] == [(row.sha256, True)]

    facts = told(reporting, reporting.ann, Side.SUPPLIER, sent)
    assert facts["root"] == merkle_root([added.sha256]) and facts["sent_root"] == root
    assert [line["removed"] for line in facts["lines"] if line["line"] == claim.id] == [[row.sha256]]


def ask(reporting: Any, sent: Any, claim: Any) -> None:
    """The buyer's question about a line."""
    query_claim(
        reporting.session,
        reporting.olga,
        sent.id,
        claim.id,
        "Whose hours are these?",
        reporting.clock(reporting.session).date().replace(day=24),
        version=claim.version,
        base_url="",
        clock=reporting.clock,
    )


def told(reporting: Any, person: Person, side: Side, found: Any) -> dict[str, Any]:
    """The manifest as one side downloads it."""
    made = make_evidence_manifest(reporting.session, person, side, found.id, reporting.catalogue)
    facts: dict[str, Any] = json.loads(json.dumps(manifest_facts(made)))
    return facts


def files_of(facts: dict[str, Any]) -> list[dict[str, Any]]:
    return [file for line in facts["lines"] for file in line["files"]]


@ON_SQLITE
def test_the_same_file_elsewhere_is_told_to_whom_it_may_be(reporting: Any) -> None:
    found = reporting.open()
    row = attach(reporting, found, "volunteering-hours")
    here = attach(reporting, found, "local-jobs")
    alone = attach(reporting, found, "carbon-fleet", "photo.jpg", PHOTO)
    promises = [Promise("volunteering-hours", Decimal(80))]
    second = reporting.enter("C-2", promises)
    own = reporting.open(contract_id=second)
    attach(reporting, own, "volunteering-hours")
    third = reporting.enter("C-3", promises, "Birch Care (Example) Ltd", "07654321")
    others = reporting.open(reporting.stranger, third)
    attach(reporting, others, "volunteering-hours", person=reporting.stranger)
    files = [row, here, alone]

    def places(person: Person, side: Side) -> dict[int, tuple[list[tuple[str, str]], str | None]]:
        found = find_duplicates(reporting.session, person, side, files, reporting.catalogue)
        return {
            number: ([(one.contract, one.supplier) for one in twice.places], twice.elsewhere)
            for number, twice in found.items()
        }

    ash, birch = "Ash Grounds (Example) Ltd", "Birch Care (Example) Ltd"
    # Drafts of others are nobody's business.
    assert places(reporting.ann, Side.SUPPLIER)[row.id] == ([("Work C-1", ash), ("Work C-2", ash)], None)
    assert places(reporting.ann, Side.SUPPLIER).keys() == {row.id, here.id}

    for sent, person, amount in ((own, reporting.ann, 5), (others, reporting.stranger, 7)):
        reporting.write(sent, "volunteering-hours", person, amount=Decimal(amount))
        reporting.submit(sent, person)
    assert places(reporting.ann, Side.SUPPLIER)[row.id][1] == ELSEWHERE[Side.SUPPLIER]

    reporting.submit(reporting.fill(found))
    assert places(reporting.olga, Side.BUYER)[row.id] == (
        [("Work C-1", ash), ("Work C-2", ash), ("Work C-3", birch)],
        None,
    )
    assert places(reporting.hugo, Side.BUYER)[row.id] == ([], ELSEWHERE[Side.BUYER])


@ON_SQLITE
def test_a_manifest_proves_files_without_asking_anybody(reporting: Any, tmp_path: Path) -> None:
    found = reporting.open()
    attach(reporting, found, "volunteering-hours", "hours.csv")
    attach(reporting, found, "volunteering-hours", "photo.jpg", PHOTO)
    attach(reporting, found, "local-jobs", "posts.csv", b"post,hours\n1,35\n")
    sent = reporting.submit(reporting.fill(found))
    facts = told(reporting, reporting.olga, Side.BUYER, sent)
    folder = tmp_path / "evidence of the quarter"
    folder.mkdir()
    (folder / "evidence.json").write_text(json.dumps(facts), "utf-8")
    (folder / "renamed.csv").write_bytes(LIST)
    (folder / "photo.jpg").write_bytes(PHOTO)
    (folder / "posts.csv").write_bytes(b"post,hours\n1,35\n")

    def verify(*options: str) -> Result:
        return CliRunner().invoke(command, ["verify", str(folder / "evidence.json"), str(folder), *options])

    assert facts["root"] == sent.evidence_root
    whole = verify("--root", str(sent.evidence_root).upper())
    assert whole.exit_code == 0 and whole.output.count("whole ") == 3 and whole.output.startswith("Whole.")

    (folder / "posts.csv").write_bytes(b"post,hours\n1,36\n")
    (folder / "photo.jpg").unlink()
    (folder / "stray.txt").write_text("x")
    broken = verify("--json")
    answer = json.loads(broken.output)
    assert broken.exit_code == 1 and answer["ok"] is False
    assert {one["name"]: one["standing"] for one in answer["files"]} == {
        "posts.csv": "changed",
        "hours.csv": "whole",
        "photo.jpg": "missing",
    }
    assert [Path(path).name for path in answer["unknown"]] == ["stray.txt"]


@ON_SQLITE
@pytest.mark.parametrize(
    "change",
    [
        lambda facts: facts.update(root="0" * 64),
        lambda facts: files_of(facts)[0].update(sha256=files_of(facts)[1]["sha256"]),
        lambda facts: files_of(facts)[0].update(proof=[]),
        lambda facts: files_of(facts)[0].update(leaf=1),
        lambda facts: facts["lines"][0].update(files=[]),
    ],
    ids=["root", "hash", "proof", "place", "left out"],
)
def test_a_changed_manifest_gives_itself_away(
    reporting: Any, tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    found = reporting.open()
    attach(reporting, found, "local-jobs", "hours.csv")
    attach(reporting, found, "carbon-fleet", "photo.jpg", PHOTO)
    facts = told(reporting, reporting.ann, Side.SUPPLIER, found)
    change(facts)
    path = tmp_path / "evidence.json"
    path.write_text(json.dumps(facts))
    for name, content in (("hours.csv", LIST), ("photo.jpg", PHOTO)):
        (tmp_path / name).write_bytes(content)

    done = CliRunner().invoke(command, ["verify", str(path), str(tmp_path / "hours.csv"), str(tmp_path / "photo.jpg")])

    assert done.exit_code == 1 and "Not whole." in done.output


@dataclass
class Filed:
    """A return in the database, committed, with files behind two of its lines."""

    engine: Engine
    reporting: Any
    return_id: int
    rows: dict[str, Evidence]

    @property
    def kept(self) -> set[str]:
        return kept_files(self.reporting.settings)

    def remove(self, session: Session, name: str) -> None:
        row, ann, settings = self.rows[name], self.reporting.ann, self.reporting.settings
        remove_evidence(session, ann, self.return_id, row.claim_id, row.id, settings=settings)


@pytest.fixture
def filed(engine: Engine, arrange: Callable[[Session], Any]) -> Filed:
    with writing(engine) as session:
        reporting = arrange(session)
        found = reporting.open()
        rows = {
            "list": attach(reporting, found, "local-jobs"),
            "same": attach(reporting, found, "carbon-fleet"),
            "photo": attach(reporting, found, "carbon-fleet", "photo.jpg", PHOTO),
        }
    return Filed(engine, reporting, found.id, rows)


def test_a_file_leaves_the_disk_with_its_last_line(filed: Filed) -> None:
    both = {row.sha256 for row in filed.rows.values()}
    photo = filed.rows["photo"].sha256

    with writing(filed.engine) as session:
        filed.remove(session, "list")
    assert filed.kept == both
    with writing(filed.engine) as session:
        filed.remove(session, "same")
    assert filed.kept == {photo}

    # Rolled back, it stays.
    with pytest.raises(RuntimeError), writing(filed.engine) as session:
        filed.remove(session, "photo")
        raise RuntimeError
    assert filed.kept == {photo}
    with reading(filed.engine) as session:
        assert [row.sha256 for row in session.scalars(select(Evidence))] == [photo]


def test_a_file_that_is_being_added_is_not_swept_away(filed: Filed) -> None:
    folder = filed.reporting.settings.data_dir / "evidence"
    sweeping = threading.Thread(target=sweep, args=(filed.engine, folder))
    before = filed.kept

    with writing(filed.engine) as session:
        filed.reporting.session = session
        row = attach(filed.reporting, get_return(session, filed.return_id), "local-jobs", "new.csv", b"just now")
        # No other transaction can see the row yet.
        sweeping.start()
        sweeping.join(0.2)
    sweeping.join()

    assert filed.kept == before | {row.sha256}
