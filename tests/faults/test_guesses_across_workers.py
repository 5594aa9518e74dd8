"""Two workers share one count of guesses: together they allow ten, not ten each (test S15)."""

import json
import subprocess
import sys
from pathlib import Path

from wpound.services.create_person import create_person
from wpound.store.engine import create_engine_for, upgrade, writing

GUESSES_EACH = 12
# A worker of its own: it waits for the word to start, guesses as fast as it can, and says what it was told.
WORKER = """
import json, re, sys
from wpound.app import create_app
from wpound.config import Settings

app = create_app(Settings.from_environment({"WPOUND_DATA_DIR": sys.argv[1]}))
client = app.test_client()
page = client.get("/account/sign-in").get_data(as_text=True)
token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
print("ready", flush=True)
sys.stdin.readline()
answers = []
for _ in range(int(sys.argv[2])):
    form = {"csrf_token": token, "email": "ann@example.org", "password": sys.argv[3]}
    answer = client.post("/account/sign-in", data=form)
    answers.append("refused" if "Too many attempts" in answer.get_data(as_text=True) else answer.status_code)
print(json.dumps(answers))
"""


def start(folder: Path, guesses: int, password: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORKER, str(folder), str(guesses), password]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def finish(workers: list[subprocess.Popen[str]]) -> list[list[object]]:
    """Wait until every worker is ready, let them all go, and gather what they were told."""
    for worker in workers:
        assert worker.stdout is not None
        assert _line(worker) == "ready"
    told = []
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        told.append(json.loads(_line(worker)))
        worker.communicate()
        assert worker.returncode == 0
    return told


def _line(worker: subprocess.Popen[str]) -> str:
    """The next line that is not the log's."""
    assert worker.stdout is not None
    for line in worker.stdout:
        if line.startswith(("ready", "[")):
            return line.strip()
    raise AssertionError("the worker ended without an answer")


def test_ten_guesses_in_all_and_the_right_password_is_refused_after_them(tmp_path: Path) -> None:
    engine = create_engine_for(f"sqlite:///{tmp_path / 'wpound.sqlite'}")
    upgrade(engine)
    with writing(engine) as session:
        create_person(session, email="ann@example.org", name="Ann", password="correct horse battery", actor="test")
    engine.dispose()

    told = finish([start(tmp_path, GUESSES_EACH, "wrong") for _ in range(2)])

    guessed = [answer for answers in told for answer in answers if answer != "refused"]
    assert guessed == [200] * 10
    assert all(answers[-1] == "refused" for answers in told)
    assert finish([start(tmp_path, 1, "correct horse battery")]) == [["refused"]]
