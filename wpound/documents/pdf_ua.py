"""What PDF/UA-1 asks of a document and WeasyPrint leaves out."""

from typing import Any

ANNOTATION_IS_PRINTED = 4


def complete_tags(document: Any, pdf: Any) -> None:
    """Add the scope of header cells, the look-up of their identifiers and the print flag of links.

    A WeasyPrint finisher: it runs on the objects before they are written, so nothing is parsed a second time.
    A header cell in a table head speaks for its column, any other for its row.
    """
    objects: list[Any] = [item for item in pdf.objects if isinstance(item, dict)]
    by_reference = {item.reference: item for item in objects}
    identifiers = []
    for item in objects:
        if item.get("S") == "/TH":
            row = by_reference[item["P"]]
            in_head = by_reference[row["P"]]["S"] == "/THead"
            item["A"]["Scope"] = "/Column" if in_head else "/Row"
            identifiers.append((item["ID"], item.reference))
        elif item.get("Subtype") == "/Link":
            item["F"] = ANNOTATION_IS_PRINTED
    if identifiers:
        _index_identifiers(pdf, by_reference, identifiers)


def _index_identifiers(pdf: Any, by_reference: dict[bytes, Any], identifiers: list[tuple[Any, bytes]]) -> None:
    import pydyf  # type: ignore[import-untyped]

    names: Any = pydyf.Array()
    for identifier, reference in sorted(identifiers, key=lambda pair: bytes(pair[0].data)):
        names += [identifier, reference]
    tree = pydyf.Dictionary({"Names": names})
    pdf.add_object(tree)
    by_reference[pdf.catalog["StructTreeRoot"]]["IDTree"] = tree.reference
