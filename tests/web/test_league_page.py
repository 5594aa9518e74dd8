"""The league table page says what the report says, and says so in every form."""

import csv
import json
from io import StringIO

import pytest

from wpound.documents.league_report import league_line
from wpound.web.public import views_league


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch, samples) -> None:
    """A table for two years under every definition of local but one."""
    monkeypatch.setattr(views_league, "list_league_years", lambda session, city: [2025, 2024])

    def report(session, city, rule_key, year):
        return None if rule_key == city.localities[-1].key else samples.league_report(city, rule_key, year)

    monkeypatch.setattr(views_league, "get_league_report", report)


@pytest.fixture
def city(app):
    return app.extensions["wpound"].city


class TestNothingPublished:
    @pytest.fixture(autouse=True)
    def nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(views_league, "list_league_years", lambda session, city: [])

    def test_the_page_says_so_and_does_not_show_nought(self, get) -> None:
        page = get("/league-table")
        assert "No table has been published for this choice yet" in page.text
        assert "£0" not in page.text
        assert not page.all(".//table")

    @pytest.mark.parametrize("address", ["shares.svg", "download.csv", "download.pdf"])
    def test_there_is_nothing_to_download(self, get, address: str) -> None:
        get(f"/league-table/{address}", status=404)


@pytest.mark.usefixtures("published")
class TestPublished:
    def test_rows_print_the_figures_of_the_report(self, get, samples, city) -> None:
        text = get("/league-table").text
        for row in samples.league_report(city, city.localities[0].key, 2025).table.rows:
            line = league_line(row)
            for figure in (line.name, line.share, line.total, line.local, line.coverage):
                assert figure in text

    def test_an_unranked_anchor_is_listed_with_the_reason(self, get) -> None:
        rows = get("/league-table").all(".//table")[0].findall(".//tbody/tr")
        last = " ".join("".join(rows[-1].itertext()).split())
        assert last.startswith("Unranked Example Homes The place is known for 32.6")

    def test_the_newest_year_and_first_definition_come_first(self, get, city) -> None:
        page = get("/league-table")
        assert page.title.startswith("Local spend league table 2025-26")
        chosen = [o.get("value") for o in page.all(".//option") if o.get("selected") is not None]
        assert chosen == [city.localities[0].key, "2025"]

    def test_a_year_that_has_only_begun_does_not_hide_the_last_table(self, get, samples, monkeypatch) -> None:
        def report(session, city, rule_key, year):
            return None if year == 2025 else samples.league_report(city, rule_key, year)

        monkeypatch.setattr(views_league, "get_league_report", report)
        page = get("/league-table")
        assert page.title.startswith("Local spend league table 2024-25")
        assert "No table has been published" in get("/league-table?year=2025").text

    def test_definition_and_year_are_taken_from_the_address(self, get, city) -> None:
        rule = city.localities[1]
        page = get(f"/league-table?definition={rule.key}&year=2024")
        assert rule.title in page.text
        assert "1 April 2024 to 31 March 2025" in page.text
        assert f"/league-table/download.pdf?definition={rule.key}&year=2024" in page.links().values()

    def test_a_definition_without_a_table_has_an_empty_state(self, get, city) -> None:
        page = get(f"/league-table?definition={city.localities[-1].key}&year=2025")
        assert "No table has been published for this choice yet" in page.text

    @pytest.mark.parametrize("query", ["definition=nowhere", "year=1999", "year=x"])
    def test_a_choice_there_is_not_is_not_found(self, get, query: str) -> None:
        get(f"/league-table?{query}", status=404)

    def test_each_chart_is_a_picture_with_a_table_after_it(self, get, client) -> None:
        page = get("/league-table")
        pictures = page.all(".//img")
        assert len(pictures) == 2
        for picture in pictures:
            assert picture.get("alt", "").endswith("The table below holds the same figures.")
            response = client.get(picture.get("src"))
            assert response.mimetype == "image/svg+xml"
            assert b"<svg" in response.data[:600]
        get("/league-table/other.svg", status=404)

    def test_csv_and_json_say_the_same(self, client) -> None:
        response = client.get("/league-table/download.csv")
        assert response.headers["Content-Disposition"] == "attachment; filename=league-table.csv"
        rows = list(csv.DictReader(StringIO(response.data.decode("utf-8-sig"))))
        document = json.loads(client.get("/league-table/download.json").data)
        assert [row["share_low_percent"] for row in rows] == [row["share_low_percent"] for row in document["rows"]]
        assert rows[0]["definition"] == document["definition"]

    def test_workbook_is_one(self, client) -> None:
        assert client.get("/league-table/download.xlsx").data.startswith(b"PK")

    def test_no_other_form_is_offered(self, get) -> None:
        get("/league-table/download.exe", status=404)
