"""Take the pictures of the README: load the demonstration, serve it, look at it (``make pictures``).

Needs Chromium and pdftoppm (Debian: chromium, poppler-utils).
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from threading import Thread

from PIL import Image
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from wpound.app import create_app
from wpound.cli.doctor import find_browser
from wpound.config import Settings
from wpound.demo.cast import AWARDED_OCID, MARKED_OCID
from wpound.demo.people import keep_password

HERE = Path(__file__).parent
WIDTH = 1280
COLOURS = 128
# Each picture: its name, the page and how many pixels of it are shown.
PAGES = (("start", "/", 810), ("league-table", "/league-table", 1100), ("measure", "/measures/carbon-fleet", 1000))
TENDERS = "/buyer/tenders"
# Each picture: its name, who looks, the page and how many pixels of it are shown.
WORK = (
    ("tender", "officer", f"{TENDERS}/{MARKED_OCID}", 1000),
    ("marking", "evaluator", f"{TENDERS}/{MARKED_OCID}/marking/criteria/work", 1100),
    ("robustness", "officer", f"{TENDERS}/{AWARDED_OCID}/lots/1/robustness", 1100),
    ("return", "manager", "/buyer/returns?status=submitted", 1150),
)


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """Serve the pages on a free port; gives their address."""
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


def save(name: str, png: bytes) -> None:
    """Write a picture with few colours: a page has few, and a small file loads at once."""
    picture = Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(HERE / f"{name}.png", optimize=True)
    print(f"Wrote {name}.png, {(HERE / f'{name}.png').stat().st_size // 1000} kB")  # noqa: T201


def photograph_pages(address: str, browser: str, certificate: Path) -> None:
    """Take a picture of each page, and of what the service answers to the certificate's file."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_page()
        for name, path, height in PAGES:
            page.set_viewport_size({"width": WIDTH, "height": height})
            answer = page.goto(address + path)
            assert answer is not None and answer.ok, f"{path} could not be shown"  # noqa: S101
            save(name, page.screenshot())
        page.goto(f"{address}/verify")
        page.set_input_files("input[type=file]", certificate)
        page.get_by_role("button", name="Check the file").click()
        save("verify", page.screenshot())
        chromium.close()


def photograph_work(address: str, browser: str, password: str) -> None:
    """Take pictures of pages that people of the buyer sign in for."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        for name, who, path, height in WORK:
            page = chromium.new_context(viewport={"width": WIDTH, "height": height}).new_page()
            page.goto(f"{address}/account/sign-in")
            page.get_by_label("Email address").fill(f"{who}@demo.example")
            page.get_by_label("Password", exact=True).fill(password)
            page.get_by_role("main").get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/buyer")
            answer = page.goto(address + path)
            assert answer is not None and answer.ok, f"{path} could not be shown"  # noqa: S101
            show = page.get_by_role("button", name="Show the panel")
            if name == "return":
                page.locator("table a").last.click()
                page.get_by_role("heading", name="Lines").wait_for()
            if name == "robustness":
                show.click()
                page.locator("main img").first.wait_for()
                page.locator("main img").first.scroll_into_view_if_needed()
            save(name, page.screenshot())
        chromium.close()


def photograph_certificate(pdf: Path, pdftoppm: str) -> None:
    """Take a picture of the certificate's first page."""
    command = [pdftoppm, "-png", "-singlefile", "-r", "80", str(pdf)]
    save("certificate", subprocess.run(command, check=True, capture_output=True).stdout)  # noqa: S603


def main() -> None:
    """Take all pictures."""
    browser, pdftoppm = find_browser(), shutil.which("pdftoppm")
    if browser is None or pdftoppm is None:
        sys.exit("To take pictures, run as root: apt-get install -y --no-install-recommends chromium poppler-utils")
    with tempfile.TemporaryDirectory() as folder:
        wpound, data = Path(sys.executable).with_name("wpound"), {"WPOUND_DATA_DIR": folder}
        subprocess.run([str(wpound), "demo", "--no-serve"], check=True, env=data)  # noqa: S603
        certificate = Path(folder, "demo", "social-value-certificate.pdf")
        # Nobody here has a telephone with codes.
        with served(replace(Settings.from_environment(data), second_factor=())) as address:
            photograph_pages(address, browser, certificate)
            photograph_work(address, browser, keep_password(Path(folder, "demo")))
        photograph_certificate(certificate, pdftoppm)


if __name__ == "__main__":
    main()
