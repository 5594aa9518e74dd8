"""The files of a published tender: pack, empty workbook, method, open data and what the officer added."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Response

from wpound.documents.release_fields import write_json
from wpound.documents.tender_pack import tender_pack_pdf
from wpound.services.build_releases import build_award_release, build_tender_release
from wpound.services.make_tender_pack import make_bid_template, make_tender_pack
from wpound.services.reach_tender import get_published
from wpound.services.read_terms import read_terms
from wpound.services.show_public_tender import get_announced, read_document
from wpound.store.tenders import get_lot
from wpound.web.access import Policy, requires
from wpound.web.caching import by_version
from wpound.web.downloads import XLSX, save_as
from wpound.web.extensions import site
from wpound.web.reading import reading_page

PDF, JSON = "application/pdf", "application/json"


@requires(Policy.PUBLIC)
def tender_pack(ocid: str) -> Response:
    """The pack as PDF/UA."""

    def make(session: Any, tender: Any) -> bytes:
        return _make_pdf(site().edition, tender.ocid, tender.version)

    return _download(ocid, f"{ocid}-pack.pdf", PDF, make)


@lru_cache(maxsize=32)
def _make_pdf(edition: str, ocid: str, version: int) -> bytes:
    """Setting a pack takes seconds, so each version of it is set once."""
    with reading_page() as session:
        tender = get_published(session, ocid)
        return tender_pack_pdf(make_tender_pack(session, tender, site().catalogue, base_url=site().settings.base_url))


@requires(Policy.PUBLIC)
def tender_workbook(ocid: str, lot: int) -> Response:
    """The empty workbook a bid for a lot can be written in."""

    def make(session: Any, tender: Any) -> bytes:
        return make_bid_template(session, tender, get_lot(session, tender, lot), site().catalogue)

    return _download(ocid, f"{ocid}-lot-{lot}-bid.xlsx", XLSX, make)


@requires(Policy.PUBLIC)
def tender_method(ocid: str) -> Response:
    """The method, byte for byte what its fingerprint was taken of."""
    return _download(
        ocid, f"{ocid}-method.json", JSON, lambda session, tender: read_terms(tender).method.to_json().encode()
    )


@requires(Policy.PUBLIC)
def tender_release(ocid: str) -> Response:
    """The tender as open contracting data."""

    def make(session: Any, tender: Any) -> bytes:
        return write_json(build_tender_release(session, tender, site().catalogue, site().settings.base_url))

    return _download(ocid, f"{ocid}.json", JSON, make)


@requires(Policy.PUBLIC)
def tender_award(ocid: str, lot: int) -> Response:
    """The award of a lot as open contracting data, once it is announced."""
    with reading_page() as session:
        found, award = get_announced(session, ocid, lot)

        def make() -> Response:
            package = build_award_release(session, found, site().catalogue, site().settings.base_url)
            return _attach(write_json(package), f"{ocid}-lot-{lot}-award.json", JSON)

        return by_version(make, found.tender.version, award.version)


@requires(Policy.PUBLIC)
def tender_document(ocid: str, document_id: int) -> Response:
    """A file the officer added."""
    with reading_page() as session:
        file, content = read_document(session, ocid, document_id, site().settings)
    return _attach(content, file.original_name, file.media_type)


def _download(ocid: str, name: str, kind: str, make: Callable[[Any, Any], bytes]) -> Response:
    with reading_page() as session:
        tender = get_published(session, ocid)
        return by_version(lambda: _attach(make(session, tender), name, kind), tender.version)


def _attach(content: bytes, name: str, kind: str) -> Response:
    return save_as(Response(content, mimetype=kind), name)
