"""What a monitor asks: is the process alive, and can it serve."""

from typing import Any

from wpound.services.check_health import find_obstacles
from wpound.web.access import Policy, requires
from wpound.web.extensions import site


@requires(Policy.PUBLIC)
def health() -> dict[str, str]:
    """The process answers; nothing else is looked at, so that a slow database does not get it restarted."""
    return {"status": "alive"}


@requires(Policy.PUBLIC)
def ready() -> tuple[dict[str, Any], int]:
    """Whether requests can be sent here, 503 where not; what is wrong is in words that tell a stranger nothing."""
    obstacles = find_obstacles(site().engine)
    return {"status": "not ready" if obstacles else "ready", "problems": obstacles}, 503 if obstacles else 200
