"""How gunicorn runs the web pages: ``gunicorn -c python:wpound.gunicorn "wpound.app:create_app()"``.

Options on gunicorn's command line go before these. The worker for background work is a process of its own.
"""

from typing import Any

bind = "127.0.0.1:8000"
workers = 2
threads = 8
worker_class = "gthread"
timeout = 60
graceful_timeout = 30
# A process is replaced now and then, so that memory a library does not give back cannot pile up.
max_requests = 5000
max_requests_jitter = 500
# Requests are logged by the application, by route and without addresses; gunicorn's own lines would name them.
accesslog = None
# Nobody manages it from outside, so nothing listens for that.
control_socket_disable = True


def post_fork(server: Any, worker: Any) -> None:
    """Start the logs in every process."""
    from wpound.logs import start_logs

    start_logs()
