"""The pages of an evaluation from the opening to the lock, for officers, evaluators and bidders."""

from collections.abc import Callable
from typing import Any

OCID = "ocds-test-1"
TENDER = f"/buyer/tenders/{OCID}"


def test_two_openers_open_the_bids_and_the_record_proves_them(make_hall: Callable[..., Any], browser_of: Any) -> None:
    hall = make_hall(opened=False)
    ophelia, otto, olga = (browser_of(hall, name) for name in ("ophelia", "otto", "olga"))
    page = ophelia.get(f"{TENDER}/opening")
    assert "has passed" in page.text and not {"Ash", "Birch", "Cedar"} & set(page.text.split())
    page = ophelia.press(f"{TENDER}/opening/close", shown=f"{TENDER}/opening")
    assert "The tender is closed" in page.text
    assert "You are not one of the openers" in olga.get(f"{TENDER}/opening").text
    page = ophelia.press(f"{TENDER}/opening", 400, passphrase="another passphrase")
    assert "does not open your key" in page.text
    page = ophelia.press(f"{TENDER}/opening", passphrase=hall.module.PASSPHRASES["ophelia"])
    assert "Another opener has to act now" in page.text
    assert "not open" in ophelia.get(f"{TENDER}/opening/record", 409).text
    record = otto.press(f"{TENDER}/opening", passphrase=hall.module.PASSPHRASES["otto"])
    assert record.heading == "Opening record"
    rows = [" ".join("".join(row.itertext()).split()) for row in record.all(".//tbody/tr")]
    assert [row.split()[0] for row in rows] == ["Ash", "Birch", "Cedar"]
    assert all(" Yes" in row for row in rows) and "£" not in record.text


def test_the_whole_evaluation(seated: Callable[..., Any], browser_of: Any, mark_all: Callable[..., None]) -> None:
    hall = seated()
    officer = browser_of(hall, "ophelia")
    bids = hall.bids()
    assert "No, I have none" not in browser_of(hall, "eva").get(f"{TENDER}/declaration").text
    for name in bids:
        address = f"{TENDER}/checks/{bids[name].id}/insurance"
        officer.press(address, passed="no" if name == "Cedar" else "yes", reason="The policy was seen.")
    assert "Every check is made" in officer.get(f"{TENDER}/checks").text
    eva = browser_of(hall, "eva")
    sheet = eva.get(f"{TENDER}/marking")
    assert "0 of 4 marks are complete" in sheet.text and "did not pass a check" in sheet.text
    page = eva.get(f"{TENDER}/marking/criteria/team")
    assert "All of it answered, with evidence" in page.text and "Four gardeners." in page.text
    del bids["Cedar"]
    begun = eva.press(f"{TENDER}/marking/bids/{bids['Ash'].id}/team", mark="5")
    assert "It still needs a reason." in begun.text
    for given, name in (("5", "eva"), ("2", "emil"), ("5", "elsa")):
        browser = browser_of(hall, name)
        for bid in bids.values():
            for code, mark in (("plan", given), ("team", "3")):
                browser.press(f"{TENDER}/marking/bids/{bid.id}/{code}", mark=mark, reason=f"Because of {name}.")
        assert "do not change any more" in browser.press(f"{TENDER}/marking/finish").text
    table = officer.get(f"{TENDER}/moderation")
    assert table.text.count("Wide") == 2 and "4 marks are still to be agreed" in table.text
    for bid in bids.values():
        for code in ("plan", "team"):
            address = f"{TENDER}/moderation/bids/{bid.id}/{code}"
            assert "Because of emil." in officer.get(address).text
            officer.press(address, mark="5", reason="Every site is named.", present="Eva\nEmil")
    history = officer.get(f"{TENDER}/moderation/bids/{bids['Ash'].id}/plan/history")
    assert len(history.all(".//tbody/tr")) == 4 and "Present: Eva, Emil" in history.text
    assert "Lock the marks?" in officer.get(f"{TENDER}/moderation/lock").text
    assert "The marks are locked" in officer.press(f"{TENDER}/moderation/lock").text
    assert "£450,000.00" in officer.get(f"{TENDER}/opening/record").text
    page = eva.press(f"{TENDER}/marking/bids/{bids['Ash'].id}/plan", 409, mark="1", reason="No.")
    assert "locked the marks" in page.text


def test_a_question_goes_to_its_bidder_who_replies_once(seated: Callable[..., Any], browser_of: Any) -> None:
    hall = seated()
    officer, alma = browser_of(hall, "ophelia"), browser_of(hall, "alma")
    page = officer.get(f"{TENDER}/bid-questions")
    assert "More posts than people" in page.text
    ash = hall.bids()["Ash"]
    address = f"{TENDER}/bids/{ash.id}/ask?rule=fte_above_headcount&measure=local-jobs"
    assert "How many of these posts would be new" in "".join(officer.get(address).find("textarea").itertext())
    page = officer.press(address, question="How many of the posts would be new?")
    assert "sent to 1 person" in page.text and "Waiting for a reply" in page.text
    [link] = [href for words, href in alma.get("/supplier/questions").links().items() if "question 1" in words]
    assert browser_of(hall, "bruno").raw(link).status_code == 404
    assert "Write your reply" in alma.press(link, 400).text
    assert "The buyer has it" in alma.press(link, reply="All of them.").text
    own = f"{TENDER}/bid-questions/{link.rpartition('/')[2]}"
    assert "All of them." in officer.get(own).text
    assert "Concluded" in officer.press(own, conclusion="The promise stands.").text


def test_a_file_is_read_by_whoever_may_read_the_bid(seated: Callable[..., Any], browser_of: Any) -> None:
    hall = seated(hide_names=True)
    ash = hall.bids()["Ash"]
    address = f"{TENDER}/bids/{ash.id}/files/{ash.content['files'][0]['sha256']}"
    for name, called in (("ophelia", "Ash gantt.pdf"), ("emil", "File 1.pdf")):
        response = browser_of(hall, name).raw(address)
        assert response.data == b"%PDF-1.7 Ash" and called in response.headers["Content-Disposition"]
    assert browser_of(hall, "foreign").raw(address).status_code == 404


def test_a_script_saves_as_it_is_written_and_is_told_what_is_wrong(seated: Callable[..., Any], browser_of: Any) -> None:
    hall = seated()
    eva, ash = browser_of(hall, "eva"), hall.bids()["Ash"]
    address = f"{TENDER}/marking/bids/{ash.id}/team"
    sent = eva.hidden(address)

    def save(**data: str) -> Any:
        return eva.raw(address, method="POST", data=sent | data, headers={"Accept": "application/json"})

    answer = save(reason="Four is few.")
    assert (answer.status_code, answer.json["version"], answer.json["isComplete"]) == (200, 1, False)
    assert answer.json["message"].startswith("Saved at ")
    assert save(mark="3").status_code == 409
    sent["version"] = "1"
    assert "not on the scale" in save(mark="4", reason="Four is few.").json["message"]
    assert save(mark="3", reason="Four is few.").json["missing"] == 5
