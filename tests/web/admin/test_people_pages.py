"""What an administrator does on the pages about people, and how a person changes the organisation they act for."""

from sqlalchemy import event

from wpound.services.access import Role


def test_an_administrator_gives_a_role_and_takes_it_away(world, join, browser_of, fetch) -> None:
    join("Asha", council=Role.ADMIN)
    bela = join("Bela", council=Role.ANCHOR)
    join("Cai", hospital=Role.OFFICER)
    browser, belas = browser_of("asha"), browser_of("bela")
    people = fetch(browser, "/admin/people")
    assert "Cai" not in people.text
    page = fetch(browser, people.links()["Bela"])
    assert fetch(belas, "/account/organisations").heading == "Your organisations"

    response = browser.post(f"/admin/people/{bela}", data={"role": "officer"})
    assert (response.status_code, response.location) == (303, f"/admin/people/{bela}")
    page = fetch(browser, f"/admin/people/{bela}")
    assert "Bela has the new role. They have to sign in again." in page.text
    assert belas.get("/account/organisations").location.startswith("/account/sign-in")

    take = page.links()["Take away the role Procurement officer"]
    question = fetch(browser, take)
    assert question.heading == "Take this role away from Bela?"
    belas = browser_of("bela")
    assert browser.post(take).status_code == 303
    assert belas.get("/account/organisations").location.startswith("/account/sign-in")
    page = fetch(browser, f"/admin/people/{bela}")
    assert "Take away the role Procurement officer" not in page.links()
    assert "by asha@example.com" in page.text
    # The same form sent twice: the role is gone.
    fetch(browser, take, 404, method="POST")


def test_what_cannot_be_given_is_said_beside_the_field(join, browser_of, fetch) -> None:
    asha, bela = join("Asha", council=Role.ADMIN), join("Bela", council=Role.OFFICER)
    browser = browser_of("asha")
    for form, words in (
        ({}, "Select the role to give"),
        ({"role": "emperor"}, "Select the role to give"),
        ({"role": "officer"}, "Bela holds this role already."),
        ({"role": "admin"}, "takes no part in buying"),
        ({"role": "evaluator"}, "Choose the tender this role is for."),
        ({"role": "evaluator", "tender": "4711"}, "Choose one of the choices listed"),
    ):
        page = fetch(browser, f"/admin/people/{bela}", 400, method="POST", data=form)
        assert page.title.startswith("Error: ")
        assert words in page.text
    page = fetch(browser, f"/admin/people/{asha}", 400, method="POST", data={"role": "anchor"})
    assert "You cannot change your own roles." in page.text


def test_an_account_is_disabled_at_once_and_once_only(join, browser_of, fetch) -> None:
    join("Asha", council=Role.ADMIN)
    bela, both = join("Bela", council=Role.OFFICER), join("Cai", council=Role.OFFICER, hospital=Role.OFFICER)
    browser, belas = browser_of("asha"), browser_of("bela")
    page = fetch(browser, f"/admin/people/{bela}")
    disable = page.links()["Disable the account"]
    assert fetch(browser, disable).heading == "Disable the account of Bela?"
    assert browser.post(disable).status_code == 303
    assert belas.get("/account/organisations").location.startswith("/account/sign-in")
    assert "disabled already" in fetch(browser, disable, 400, method="POST").text
    page = fetch(browser, f"/admin/people/{bela}")
    assert "This account is disabled, so its roles have no effect." in page.text
    assert browser.post(page.links()["Enable the account"]).status_code == 303
    assert "Enable the account" not in fetch(browser, f"/admin/people/{bela}").links()
    refused = fetch(browser, f"/admin/people/{both}/disable", 400, method="POST")
    assert "also belongs to another organisation" in refused.text


def test_a_person_acts_for_the_organisation_chosen(join, browser_of, fetch) -> None:
    join("Asha", council=Role.OFFICER, hospital=Role.ADMIN)
    browser = browser_of("asha")
    assert browser.get("/admin/people").status_code == 403
    response = browser.post("/account/organisations", data={"organisation": "hospital"})
    assert response.status_code == 303
    assert "You now act for Example hospital." in fetch(browser, response.location).text
    assert "Example hospital" in fetch(browser, "/admin/people").text
    page = fetch(browser, "/account/organisations", 400, method="POST", data={"organisation": "elsewhere"})
    assert "Select the organisation you want to act for" in page.text


def test_whoever_belongs_nowhere_is_told_what_to_do(join, browser_of, fetch) -> None:
    join("Asha")
    page = fetch(browser_of("asha"), "/account/organisations")
    assert "Ask somebody who does to invite you at asha@example.com." in page.text


def test_the_list_of_people_has_pages_and_a_filter(join, browser_of, fetch) -> None:
    join("Asha", council=Role.ADMIN)
    for number in range(20):
        join(f"Member{number:02}", council=Role.ANCHOR)
    browser = browser_of("asha")
    page = fetch(browser, "/admin/people")
    assert "People 1 to 20 of 21" in page.text
    assert "Member19" in fetch(browser, page.links()["Next page"]).text
    assert "1 person" in fetch(browser, "/admin/people?role=admin").text
    assert "Nobody has this role" in fetch(browser, "/admin/people?role=officer").text
    for address in ("/admin/people?role=emperor", "/admin/people?page=3", "/admin/people?page=x"):
        assert browser.get(address).status_code == 404


def test_the_list_of_people_costs_the_same_queries_however_long_it_is(world, join, browser_of) -> None:
    join("Asha", council=Role.ADMIN)
    browser, counts = browser_of("asha"), []
    browser.get("/admin/people")  # what is asked once by each connection
    for names in ("", "BCDEFGH"):
        for name in names:
            join(name, council=Role.OFFICER)
        seen: list[str] = []
        event.listen(
            world.extensions["wpound"].engine, "before_cursor_execute", lambda *about, to=seen: to.append(about[2])
        )
        assert browser.get("/admin/people").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
