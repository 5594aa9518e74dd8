"""``wpound serve``: the web pages, on this machine."""

import signal
import socket
from collections.abc import Callable
from contextlib import ExitStack

import click

from wpound.cli.database import open_database
from wpound.config import Settings
from wpound.core.errors import InputError

HOST = "127.0.0.1"
PORT = 5000
# More than the largest form: the page that says a file is too large needs the request to reach it.
LARGEST_REQUEST = 32 * 1024 * 1024
SERVER = {
    "ident": None,
    "max_request_body_size": LARGEST_REQUEST,
    # What is sent in or handed out can be part of a sealed bid, so none of it waits in a temporary file.
    "inbuf_overflow": LARGEST_REQUEST,
    "outbuf_overflow": LARGEST_REQUEST,
    # The application knows how many proxies there are, and believes no others.
    "clear_untrusted_proxy_headers": False,
}


@click.command()
@click.option("--host", default=HOST, show_default=True, help="Address to listen on; 0.0.0.0 for every network.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--worker/--no-worker", "with_worker", default=True, help="Also do background work in this process.")
def command(host: str, port: int, with_worker: bool) -> None:
    """Serve the web pages and do background work until Ctrl+C; the database is brought up to date first."""
    serve(Settings.from_environment(), host, port, with_worker=with_worker)


def serve(settings: Settings, host: str = HOST, port: int = PORT, *, with_worker: bool = True) -> None:
    """Serve until interrupted; raises ``InputError`` where the port cannot be had."""
    import waitress  # type: ignore[import-untyped]

    from wpound.app import create_app
    from wpound.logs import start_logs

    start_logs()
    with listen(host, port) as listening, ExitStack() as running:
        app = create_app(settings)
        open_database(settings).dispose()
        if with_worker:
            running.callback(_start_worker(settings))
        server = waitress.create_server(app, sockets=[listening], **SERVER)
        address = f"http://{host}:{port}"
        click.echo(f"Start page            {address}/")
        click.echo(f"Plan and measures     {address}/plan")
        click.echo(f"League table          {address}/league-table")
        click.echo(f"Verify a certificate  {address}/verify")
        click.echo("Press Ctrl+C to stop.")
        # Ended by the system, it stops as it does for Ctrl+C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        server.run()


def _start_worker(settings: Settings) -> Callable[[], None]:
    """Start background work and give what stops it."""
    from wpound.jobs import Worker

    worker = Worker(settings, "serve")
    worker.start()
    return worker.stop


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is done, so that a port in use is said at once."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        message = f"cannot listen on {host} port {port} ({error.strerror}); choose another with --port"
        raise InputError("port", message) from None
