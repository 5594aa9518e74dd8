"""The certificate: its facts, its pages and what a reader with a screen reader meets."""

import dataclasses
import json
import logging
import re
from collections import Counter
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from wpound.core.delivery import CertificateScope
from wpound.core.money import Money
from wpound.documents.certificate import MOST_BARS, certificate_html, certificate_pdf, draw_promises
from wpound.documents.certificate_facts import CertificateFacts
from wpound.documents.credential import CREDENTIAL_NAME, write_credential
from wpound.documents.render import render_html, render_pdf


def elements(opened: pikepdf.Pdf) -> list[Any]:
    """Every structure element of a tagged PDF."""
    found: list[Any] = []

    def walk(item: Any) -> None:
        if isinstance(item, pikepdf.Array):
            for kid in item:
                walk(kid)
        elif isinstance(item, pikepdf.Dictionary) and "/S" in item:
            found.append(item)
            walk(item.get("/K"))

    walk(opened.Root.StructTreeRoot.K)
    return found


@pytest.fixture(scope="module")
def pdf(facts: CertificateFacts, credential: dict[str, Any]) -> bytes:
    return certificate_pdf(facts, credential)


def test_social_value_and_local_flow_are_separate_sums_of_the_printed_values(facts: CertificateFacts) -> None:
    assert facts.total("additional") == Money.from_pounds("123592.68")
    assert facts.total("flow") == Money.from_pounds("151230.55")
    assert Money.from_pounds("274823.23").format() not in certificate_html(facts, draw_promises(facts))


def test_over_delivery_of_one_measure_never_hides_a_broken_promise(facts: CertificateFacts) -> None:
    shares = [line.share for line in facts.lines]
    assert shares[2] is not None and shares[2] > 1
    # (0.8 + 197.5 / 260 + 1 + 0.65625) / 4: the over-delivered measure counts as 1.
    assert facts.to_dict()["share_verified"] == "0.803966"
    assert {head: share for head, _, share in facts.heads}["Thriving economy in all parts of the city"] == 1


def test_a_certificate_without_any_open_value_says_not_valued_and_never_nought(facts: CertificateFacts) -> None:
    bare = dataclasses.replace(facts, lines=facts.lines[1:2])
    page = certificate_html(bare, draw_promises(bare))
    assert bare.total("additional") is None
    assert page.count("not valued") == 2
    assert "£0.00" not in page


def test_facts_survive_the_journey_through_json(facts: CertificateFacts) -> None:
    read = CertificateFacts.from_dict(json.loads(json.dumps(facts.to_dict())))
    assert read == facts
    assert read.fingerprint == facts.fingerprint


def _numbers(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [found for item in value.values() for found in _numbers(item)]
    if isinstance(value, list):
        return [found for item in value for found in _numbers(item)]
    return [value] if isinstance(value, int | float) else []


def test_no_number_in_the_embedded_facts_is_a_float(facts: CertificateFacts) -> None:
    assert _numbers(facts.to_dict()) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"social_value": "999999.00"}, "do not agree"),
        ({"share_verified": "1.000000"}, "do not agree"),
        ({"extra": "x"}, "do not agree"),
        ({"lines": None}, "not the facts"),
        ({"period": {"start_on": "2025-04-01"}}, "not the facts"),
    ],
)
def test_facts_that_do_not_add_up_are_refused(facts: CertificateFacts, change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        CertificateFacts.from_dict(facts.to_dict() | change)


def test_the_page_prints_every_fact_it_embeds(facts: CertificateFacts) -> None:
    page = certificate_html(facts, draw_promises(facts)).replace("&#39;", "'")
    for line in facts.lines:
        for text in (line.title, line.promised.format(), line.claimed.format(), line.verified.format()):
            assert text in page
        assert line.level.label in page
        assert line.value is None or line.value.format() in page
    for text in (facts.serial, facts.covers, *facts.method_hashes, *facts.catalogue_fingerprints, facts.audit_head):
        assert text in page
    assert facts.fingerprint in page
    assert "80.4%" in page


def test_names_are_text_and_never_markup(facts: CertificateFacts) -> None:
    page = certificate_html(facts, draw_promises(facts))
    assert "Bright &amp; Sons &lt;Grounds&gt; Limited" in page
    assert "<Grounds>" not in page


def test_the_pdf_is_the_same_bytes_twice_and_two_pages(
    facts: CertificateFacts, credential: dict[str, Any], pdf: bytes
) -> None:
    assert certificate_pdf(facts, credential) == pdf
    assert len(pikepdf.open(BytesIO(pdf)).pages) == 2


def test_a_year_of_a_whole_council_is_two_pages_too(facts: CertificateFacts, credential: dict[str, Any]) -> None:
    """Ten measures of five priorities under thirty contracts, of which the page names the first."""
    lines = [
        dataclasses.replace(facts.lines[i % 4], head=f"A priority with a long name {i % 5}", measure=str(i))
        for i in range(10)
    ]
    contracts = [dataclasses.replace(facts.contracts[0], reference=f"C-{i}", method_hash=str(i)) for i in range(30)]
    wide = dataclasses.replace(facts, scope=CertificateScope.ANCHOR, lines=tuple(lines), contracts=tuple(contracts))
    page = certificate_html(wide, draw_promises(wide))
    assert len(pikepdf.open(BytesIO(certificate_pdf(wide, credential))).pages) == 2
    assert "and 26 more" in page and "30 methods" in page
    assert len(wide.lines) > MOST_BARS and draw_promises(wide).alt.count("A priority") == 5


def test_what_replaces_another_says_so(facts: CertificateFacts) -> None:
    newer = dataclasses.replace(facts, replaces="CWC-2026-0000")
    assert "It stands in for CWC-2026-0000." in certificate_html(newer, draw_promises(newer))


def test_another_fact_gives_another_file(facts: CertificateFacts, credential: dict[str, Any], pdf: bytes) -> None:
    other = certificate_pdf(dataclasses.replace(facts, serial="CWC-2026-0002"), credential)
    assert pikepdf.open(BytesIO(other)).trailer.ID[0] != pikepdf.open(BytesIO(pdf)).trailer.ID[0]


def test_the_signed_data_is_embedded_as_it_is(credential: dict[str, Any], pdf: bytes) -> None:
    opened = pikepdf.open(BytesIO(pdf))
    assert list(opened.attachments) == [CREDENTIAL_NAME]
    assert opened.attachments[CREDENTIAL_NAME].get_file().read_bytes() == write_credential(credential)


def test_a_screen_reader_finds_its_way(facts: CertificateFacts, pdf: bytes) -> None:
    opened = pikepdf.open(BytesIO(pdf))
    found = elements(opened)
    kinds = Counter(str(item.S) for item in found)
    assert kinds["/H1"] == 1
    assert kinds["/Figure"] == 2
    assert all(str(item.get("/Alt", "")) for item in found if item.S == "/Figure")
    headers = [item for item in found if item.S == "/TH"]
    assert headers and all(str(item.A.Scope) in ("/Row", "/Column") for item in headers)
    names = opened.Root.StructTreeRoot.IDTree.Names
    assert {bytes(names[i]) for i in range(0, len(names), 2)} == {bytes(item.ID) for item in headers}
    assert opened.Root.Lang == "en-GB"
    assert facts.serial in str(opened.docinfo.Title)
    assert opened.Root.Outlines.First.Title == "Social value certificate"


def test_links_are_printed(pdf: bytes) -> None:
    opened = pikepdf.open(BytesIO(pdf))
    links = [note for page in opened.pages for note in page.get("/Annots", [])]
    assert links and all(note.F == 4 for note in links)


def test_the_picture_says_in_words_what_it_shows(facts: CertificateFacts) -> None:
    chart = draw_promises(facts)
    assert "Weeks of apprenticeship: 76.0% of the promise was verified" in chart.alt
    assert re.search(rb"<title>Share of each promise", chart.svg)
    assert b"<dc:date>" not in chart.svg
    assert draw_promises(facts).svg == chart.svg


@pytest.mark.parametrize(
    "address", ["file:///etc/hostname", "http://127.0.0.1:9/x.png", "memory:unknown.svg", "data:image/png;base64,AAAA"]
)
@pytest.mark.parametrize(
    "markup", ['<img src="{}" alt="x">', '<link rel="attachment" href="{}">', '<style>@import "{}";</style>']
)
def test_a_document_reaches_nothing_outside(facts: CertificateFacts, address: str, markup: str) -> None:
    page = f'<html lang="en"><title>x</title><p>x</p>{markup.format(address)}</html>'
    with pytest.raises(ValueError, match="nothing from outside"):
        render_pdf(page, facts.issued_on)


def test_a_forgotten_fact_stops_the_page() -> None:
    with pytest.raises(Exception, match="facts"):
        render_html("certificate.html", {})


def test_rendering_has_nothing_to_complain_of(
    facts: CertificateFacts, credential: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    logger = logging.getLogger("weasyprint")
    logger.addHandler(caplog.handler)
    try:
        certificate_pdf(facts, credential)
    finally:
        logger.removeHandler(caplog.handler)
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []
