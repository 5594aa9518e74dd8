"""Ways in and out in a real browser: registering, invitation, second factor, passkey, a forgotten password."""

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Page, expect


def expect_heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_supplier_registers_confirms_signs_in_and_out(open_page, address, newest_link, scripts: bool) -> None:
    page = open_page("/", scripts=scripts)
    page.get_by_role("link", name="Sign in").first.click()
    page.get_by_role("link", name="register").click()
    page.get_by_label("Name of the organisation").fill("Firm Ltd")
    page.get_by_label("A company, or another body at Companies House").check()
    page.get_by_label("Email address").fill("sue@firm.example")
    press(page, "Continue")
    page.get_by_role("link", name="Enter the company number").click()
    assert page.locator(":focus").get_attribute("name") == "company"
    page.get_by_label("Company number").fill("01234567")
    press(page, "Continue")
    expect_heading(page, "Check your email")

    page.goto(address + newest_link())
    page.get_by_label("Full name").fill("Sue Plier")
    page.get_by_label("Password", exact=True).fill("purple monkey dishwasher")
    press(page, "Create my account")
    page.get_by_label("Email address").fill("sue@firm.example")
    page.get_by_label("Password", exact=True).fill("purple monkey dishwasher")
    press(page, "Sign in")
    expect(page.locator("header")).to_contain_text("Sue Plier, Firm Ltd")

    page.get_by_role("button", name="Sign out").click()
    page.goto(address + "/account")
    expect_heading(page, "Sign in")


def set_up(page: Page) -> TOTP:
    press(page, "Show the code for the app")
    page.get_by_text("I cannot scan the code").click()
    app = TOTP(key=page.locator(".app-code").inner_text())
    page.get_by_label("Security code").fill(app.generate().token)
    return app


def test_an_officer_sets_up_an_app_and_signs_in_with_it(sign_in, check) -> None:
    page = sign_in("ollie", 320)
    expect_heading(page, "Set up an authenticator app")
    check(page)
    app = set_up(page)
    check(page)
    press(page, "Finish")
    expect(page.get_by_text("You are signed in.")).to_be_visible()

    again = sign_in("ollie", 320)
    check(again)
    again.get_by_label("Security code").fill("000000")
    press(again, "Continue")
    check(again)
    again.get_by_label("Security code").fill(app.generate(app.now() + 30).token)
    press(again, "Continue")
    expect(again.locator("header")).to_contain_text("Ollie")


def test_a_passkey_stands_in_for_the_app(sign_in, address, check) -> None:
    page = sign_in("ana")
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = kind | {"isUserVerified": True, "automaticPresenceSimulation": True}
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(address + "/account/passkeys")
    check(page)
    page.get_by_label("Name for it").fill("work phone")
    press(page, "Add a passkey")
    page.get_by_text("You can now use the passkey work phone.").wait_for()
    check(page)

    page.get_by_role("button", name="Sign out").click()
    page.goto(address + "/account/sign-in")
    page.get_by_label("Email address").fill("ana@example.org")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    press(page, "Sign in")
    expect_heading(page, "Use your passkey")
    check(page)
    press(page, "Continue")
    page.get_by_role("button", name="Sign out").wait_for()
    expect(page.locator("header")).to_contain_text("Ana")

    page.goto(address + "/account/passkeys")
    press(page, "Remove work phone")
    expect(page.get_by_text("The passkey work phone was removed.")).to_be_visible()


def test_a_forgotten_password_is_replaced(open_page, address, newest_link, sign_in) -> None:
    page = open_page("/account/sign-in")
    page.get_by_role("link", name="I have forgotten my password").click()
    page.get_by_label("Email address").fill("ana@example.org")
    press(page, "Send the link")
    expect(page.get_by_text("a link to choose a new password is on its way")).to_be_visible()
    page.goto(address + newest_link())
    page.get_by_label("New password", exact=True).fill("purple monkey dishwasher")
    page.get_by_label("New password again").fill("purple monkey dishwasher")
    press(page, "Save the new password")
    page.get_by_label("Email address").fill("ana@example.org")
    page.get_by_label("Password", exact=True).fill("purple monkey dishwasher")
    press(page, "Sign in")
    expect(page.locator("header")).to_contain_text("Ana")
    expect(sign_in("ana").get_by_role("main")).to_contain_text("There is a problem")


def test_a_colleague_is_invited_and_another_browser_signed_out(sign_in, open_page, address, newest_link) -> None:
    page, elsewhere = sign_in("ana"), sign_in("ana")
    page.goto(address + "/account")
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Email address").fill("new@example.org")
    page.get_by_label("Anchor analyst").check()
    press(page, "Send the invitation")
    expect(page.get_by_text("An invitation is on its way to new@example.org.")).to_be_visible()
    guest = open_page(newest_link())
    expect_heading(guest, "Accept your invitation")

    page.goto(address + "/account/sign-ins")
    press(page, "Sign out everywhere else")
    elsewhere.reload()
    expect_heading(elsewhere, "Sign in")
    page.reload()
    expect_heading(page, "Signed-in browsers")


VISITOR = ["/account/sign-in", "/account/register", "/account/password/forgotten", "/account/sign-in/help"]
MEMBER = [
    "/account",
    "/account/sign-ins",
    "/account/password",
    "/account/second-factor",
    "/account/recovery-codes",
    "/account/invitations",
    "/account/confirm",
    "/account/passkeys",
]


def press_tab_until(page: Page, name: str) -> None:
    """Move the focus on with the keyboard to what has these words, or whose label has."""
    words = "() => {const e = document.activeElement; return (e.labels?.[0] ?? e).innerText.trim()}"
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate(words) == name:
            return
    raise AssertionError(f"{name} is not reached on {page.url}")


def test_a_person_signs_in_and_out_with_the_keyboard_alone(open_page) -> None:
    page = open_page("/")
    press_tab_until(page, "Sign in")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/sign-in")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    press_tab_until(page, "Email address")
    page.keyboard.type("ana@example.org")
    press_tab_until(page, "Password")
    page.keyboard.type("correct horse")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    press_tab_until(page, "Enter a correct email address and password")
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("name") == "email"
    press_tab_until(page, "Password")
    page.keyboard.type("correct horse battery")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your spend").wait_for()
    press_tab_until(page, "Sign out")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Sign in").first.wait_for()


def test_every_page_empty_and_with_errors_is_for_everyone(open_page, sign_in, address, check_both, walk) -> None:
    visitor, member = open_page("/"), sign_in("ana")
    for page, paths in ((visitor, VISITOR), (member, MEMBER)):
        for path in paths:
            page.goto(address + path)
            check_both(page)
            walk(page)
            send = page.locator("main form[novalidate] button[type=submit]")
            if send.count():
                send.first.click()
                expect(page.get_by_role("alert").first).to_be_visible()
                check_both(page)
