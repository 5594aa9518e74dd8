"""The main job, end to end, on what ``wpound demo`` writes and really imports: every form says the same figures."""

import csv
import hashlib
import json
import re
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import html5lib
import pikepdf
import pytest
from python_calamine import CalamineWorkbook

from wpound.catalogue.loader import load_city
from wpound.config import Settings
from wpound.demo.load import label
from wpound.documents.certificate_facts import CertificateFacts
from wpound.documents.signing import verify_certificate
from wpound.services.keep_certificate_keys import find_key_ring
from wpound.store.audit import head
from wpound.store.certificates import find_certificate
from wpound.store.engine import create_engine_for, reading

pytestmark = pytest.mark.xdist_group("demonstration")


@pytest.fixture(scope="session")
def published(demonstration) -> dict[str, Any]:
    """The league table as JSON, which the other forms are compared with."""
    return json.loads((demonstration.folder / "league-table.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def certificate(demonstration) -> bytes:
    return (demonstration.folder / "social-value-certificate.pdf").read_bytes()


@pytest.fixture(scope="session")
def facts(certificate: bytes) -> dict[str, Any]:
    """The facts a certificate carries inside, as any PDF reader finds them."""
    with pikepdf.open(BytesIO(certificate)) as pdf:
        subject = json.loads(pdf.attachments["certificate.json"].get_file().read_bytes())["credentialSubject"]
        return {name: value for name, value in subject.items() if name != "type"}


@pytest.fixture
def engine(demonstration):
    made = create_engine_for(Settings.from_environment(demonstration.environment).database_url)
    yield made
    made.dispose()


def pounds(text: str) -> str:
    return f"£{Decimal(text):,.2f}".replace("£-", "-£")


def cells(row: dict[str, Any]) -> list[str]:
    """Rank, anchor, spend, local share and coverage as people must read them, from the exact figures."""
    share = f"{row['share_low_percent']}% to {row['share_high_percent']}%"
    return [row["rank"], row["name"], pounds(row["total"]), share, f"{row['coverage_percent']}%"]


def printed_rows(text: str) -> list[list[str]]:
    """The rows of the first table a terminal shows."""
    table = text[: text.index("└")]
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in table.splitlines() if line[:1] == "│"]


class TestLeagueTable:
    def test_five_anchors_have_a_row_and_their_files_add_up(self, published: dict[str, Any]) -> None:
        rows = published["rows"]
        assert {row["anchor"] for row in rows} == {anchor.key for anchor in load_city().anchors}
        for row in rows:
            rings = sum(Decimal(ring["pounds"]) for ring in row["rings"])
            assert rings == Decimal(row["total"]), row["anchor"]
            low, high, unknown = (Decimal(row[key]) for key in ("local_low", "local_high", "unknown"))
            assert 0 <= low <= high <= Decimal(row["total"]) and unknown >= 0
            share = round(low * 100 / Decimal(row["total"]), 3)
            assert abs(share - Decimal(row["share_low_percent"])) <= Decimal("0.05")

    def test_the_terminal_prints_it(self, demonstration, published: dict[str, Any]) -> None:
        assert printed_rows(demonstration.printed) == [cells(row) for row in published["rows"]]

    def test_the_csv_holds_it(self, demonstration, published: dict[str, Any]) -> None:
        text = (demonstration.folder / "league-table.csv").read_text("utf-8-sig")
        found = list(csv.DictReader(StringIO(text)))
        assert len(found) == len(published["rows"])
        for row, line in zip(published["rows"], found, strict=True):
            wanted = {key: "" if row[key] is None else str(row[key]) for key in row if key != "rings"}
            assert {key: line[key] for key in wanted} == wanted
            assert line["definition"] == published["definition"]

    def test_the_workbook_holds_it(self, demonstration, published: dict[str, Any], run, tmp_path) -> None:
        path = tmp_path / "table.xlsx"
        assert run(demonstration.environment, "league", "--out", path).returncode == 0
        headings, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("League table").to_python()
        totals = [Decimal(str(row[headings.index("total")])).quantize(Decimal("0.01")) for row in rows]
        assert totals == [Decimal(row["total"]) for row in published["rows"]]

    def test_the_report_prints_it(self, demonstration, published: dict[str, Any], text_of) -> None:
        text = text_of((demonstration.folder / "league-table.pdf").read_bytes())
        for row in published["rows"]:
            rank, name, spend, share, known = cells(row)
            assert f"{rank} {name} {row['kind']} {spend} {share} {known}" in text
            for ring in row["rings"]:
                assert f"{ring['title']} {pounds(ring['pounds'])} {ring['share_percent']}% {ring['lines']:,}" in text

    def test_the_page_shows_it(self, demo_app, published: dict[str, Any]) -> None:
        page = demo_app.test_client().get("/league-table").get_data(as_text=True)
        root = html5lib.parse(page, namespaceHTMLElements=False)
        table = next(one for one in root.iter("table"))
        shown = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in table.iter("tr")][1:]
        for row, line in zip(published["rows"], shown, strict=True):
            rank, name, spend, share, known = cells(row)
            named = f"{name} {row['unranked_because']}" if row["unranked_because"] else name
            assert line[:5] == [rank.capitalize(), named, share, spend, known]

    def test_the_command_prints_the_same_document(self, demonstration, published: dict[str, Any], run) -> None:
        again = json.loads(run(demonstration.environment, "league", "--json").stdout)
        # The demonstration says once more in its own files that it is one.
        assert again | {"publisher": published["publisher"]} == published


class TestTender:
    def test_the_ranking_printed_is_the_one_the_losers_are_told(self, demonstration, text_of) -> None:
        ranking = demonstration.printed[demonstration.printed.index("Grounds maintenance") :]
        (first, winner, best, _), (second, loser, score, _) = printed_rows(ranking)[:2]
        summary = text_of((demonstration.folder / "assessment-summary.pdf").read_bytes())
        assert (first, second) == ("1", "2")
        assert f"For {loser}" in summary and f"Who won Name {winner}" in summary
        assert f"Your place 2 Score out of 100 {score} (the winner: {best})" in summary


class TestCertificate:
    def test_what_it_carries_is_what_is_stored(self, engine, certificate: bytes, facts: dict[str, Any]) -> None:
        with reading(engine) as session:
            found = find_certificate(session, facts["serial"])
            assert found is not None
            stored = found.certificate
            assert stored.facts == facts
            assert stored.pdf_sha256 == hashlib.sha256(certificate).hexdigest()
            seq, printed_hash = facts["audit_head"].split()
            assert int(seq) < head(session).seq and len(printed_hash) == 64

    def test_what_it_carries_is_what_it_prints(self, certificate: bytes, facts: dict[str, Any], text_of) -> None:
        text = text_of(certificate)
        share = round(Decimal(facts["share_verified"]) * 100, 1)
        wanted = [facts["serial"], facts["holder"]["name"], f"{share}% of what was promised has been verified"]
        wanted += [f"{pounds(facts['social_value'])} social value"]
        wanted += [f"{pounds(facts['local_economic_flow'])} local economic flow"]
        wanted += [line["title"] for line in facts["lines"]]
        assert [words for words in wanted if words not in text] == []

    def test_its_totals_are_the_sums_of_its_lines(self, facts: dict[str, Any]) -> None:
        for kind, total in (("additional", "social_value"), ("flow", "local_economic_flow")):
            values = [Decimal(line["value"]) for line in facts["lines"] if line["value_kind"] == kind and line["value"]]
            assert sum(values) == Decimal(facts[total])

    def test_the_page_behind_its_code_says_the_same(self, demo_app, facts: dict[str, Any]) -> None:
        address = facts["verify_url"].removeprefix("http://127.0.0.1:5000")
        page = demo_app.test_client().get(address).get_data(as_text=True)
        text = " ".join("".join(html5lib.parse(page, namespaceHTMLElements=False).itertext()).split())
        assert "This certificate is valid" in text
        for line in facts["lines"]:
            assert line["title"] in text
        for words in (
            facts["serial"],
            facts["holder"]["name"],
            facts["contracts"][0]["method_hash"],
            facts["audit_head"],
        ):
            assert words in text

    def test_the_command_says_valid_and_gives_the_facts(self, demonstration, facts: dict[str, Any], run) -> None:
        file = demonstration.folder / "social-value-certificate.pdf"
        done = run(demonstration.environment, "certificate", "verify", file, "--json")
        assert done.returncode == 0
        answer = json.loads(done.stdout)
        assert (answer["valid"], answer["facts"]) == (True, facts)

    def test_a_changed_byte_is_refused(self, demonstration, certificate: bytes, run, tmp_path) -> None:
        changed = tmp_path / "changed.pdf"
        middle = len(certificate) // 2
        changed.write_bytes(certificate[:middle] + bytes([certificate[middle] ^ 1]) + certificate[middle + 1 :])
        done = run(demonstration.environment, "certificate", "verify", changed)
        assert (done.returncode, done.stdout.splitlines()[0]) == (1, "Not valid.")

    def test_a_changed_byte_anywhere_is_refused(self, demonstration, certificate: bytes) -> None:
        ring = find_key_ring(Settings.from_environment(demonstration.environment))
        assert verify_certificate(certificate, ring).ok
        # The first five bytes say that it is a PDF at all; from there a prime step meets every part of the file.
        for place in range(5, len(certificate), 2_503):
            changed = bytearray(certificate)
            changed[place] ^= 0x20
            assert not verify_certificate(bytes(changed), ring).ok, place

    def test_the_facts_read_back_are_those_of_the_schema(self, facts: dict[str, Any]) -> None:
        assert CertificateFacts.from_dict(facts).to_dict() == facts


class TestDatabase:
    def test_totals_equal_lines_and_the_chain_is_whole(self, demonstration, run) -> None:
        done = run(demonstration.environment, "check", "--json")
        assert done.returncode == 0, done.stdout
        assert json.loads(done.stdout) == {"sound": True, "rollups": [], "audit_chain": []}

    def test_a_second_run_changes_nothing(self, demonstration, engine, run, tmp_path) -> None:
        with reading(engine) as session:
            before = head(session)
        done = run(demonstration.environment, "demo", "--no-serve", "--out", tmp_path)
        assert done.returncode == 0
        assert "was loaded before; nothing was changed" in done.stdout
        assert printed_rows(done.stdout[done.stdout.index("┏") :]) == printed_rows(demonstration.printed)
        for file in demonstration.folder.iterdir():
            assert (tmp_path / file.name).read_bytes() == file.read_bytes(), file.name
        with reading(engine) as session:
            assert head(session) == before

    def test_every_anchor_printed_is_called_a_demonstration(self, demonstration) -> None:
        assert "Every firm, person and figure below is invented." in demonstration.printed
        for anchor in label(load_city()).anchors:
            assert anchor.name in demonstration.printed
            assert not re.search(
                rf"{re.escape(anchor.name.removesuffix(' (demo)'))}(?! \(demo\))", demonstration.printed
            )
