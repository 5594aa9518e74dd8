"""An administrator changes what a colleague may do, and a person changes whom they act for."""

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_role_is_given_and_taken_and_its_person_signed_out(open_as, scripts: bool) -> None:
    admin, bela = open_as("asha", "/admin/people", scripts=scripts), open_as("bela", "/account/organisations")
    admin.get_by_role("link", name="Bela Buyer").click()
    admin.get_by_role("button", name="Give the role").click()
    admin.get_by_role("link", name="Select the role to give").click()
    assert admin.locator(":focus").get_attribute("type") == "radio"
    admin.get_by_label("Procurement officer").check()
    admin.get_by_role("button", name="Give the role").click()
    expect(admin.get_by_text("Bela Buyer has the new role. They have to sign in again.")).to_be_visible()
    bela.reload()
    expect(bela.get_by_role("heading", level=1)).to_have_text("Sign in")

    bela = open_as("bela", "/buyer/tenders")
    expect(bela.get_by_role("heading", level=1)).to_have_text("Tenders")
    admin.get_by_role("link", name="Take away the role Procurement officer").click()
    admin.get_by_role("button", name="Take the role away").click()
    expect(admin.get_by_text("no longer has the role and was signed out everywhere")).to_be_visible()
    bela.reload()
    expect(bela.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_person_switches_the_organisation_they_act_for(open_as) -> None:
    page = open_as("asha", "/home")
    expect(page.locator("header")).to_contain_text("Example Metropolitan Borough Council")
    page.get_by_role("link", name="Switch organisation").click()
    page.get_by_label("Example Hospitals NHS Trust").check()
    page.get_by_role("button", name="Act for this organisation").click()
    expect(page.get_by_text("You now act for Example Hospitals NHS Trust.")).to_be_visible()
    page.get_by_role("link", name="Your spend").click()
    assert page.goto(page.url.replace("/anchor", "/admin/people")).status == 403


def test_axe_finds_nothing_in_any_state_and_no_page_scrolls_sideways(open_as, check_both) -> None:
    page = open_as("asha", "/admin/people")
    people = [link.get_attribute("href") for link in page.get_by_role("table").get_by_role("link").all()]
    assert len(people) == 3
    root = page.url.removesuffix("/admin/people")
    check_both(page)
    for path in ("/admin/people?role=supplier", "/account/organisations", *people, f"{people[1]}/disable"):
        page.goto(root + path)
        check_both(page)
    page.goto(root + people[1])
    page.get_by_role("button", name="Give the role").click()
    check_both(page)
    page.get_by_role("link", name="Take away").first.click()
    check_both(page)
