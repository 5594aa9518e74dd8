"""``wpound worker``: background work in a process of its own."""

import signal
import threading

import click

from wpound.cli.database import open_database
from wpound.config import Settings


@click.command()
@click.option(
    "--name", default="worker", show_default=True, help="Tells the workers of one machine apart; keep it over restarts."
)
def command(name: str) -> None:
    """Deliver mail and run queued jobs until Ctrl+C; the database is brought up to date first.

    What a worker had begun when it died is begun again by the next worker of the same name on the same machine.
    """
    from wpound.jobs import Worker
    from wpound.logs import start_logs

    settings = Settings.from_environment()
    settings.require_safe()
    start_logs()
    open_database(settings).dispose()
    worker, stopping = Worker(settings, name), threading.Event()
    for told_to_stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told_to_stop, lambda number, frame: stopping.set())
    worker.start()
    click.echo(f"Working as {worker.name}. Press Ctrl+C to stop.")
    stopping.wait()
    worker.stop()
