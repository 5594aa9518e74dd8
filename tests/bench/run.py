"""Run every speed measurement and print each as a ratio to its yardstick, measured in the same run.

A measurement is a file ``bench_<name>.py`` beside this one with ``run() -> dict``: ``title``, ``yardstick``, ``ratio``,
``goal`` and whatever else helps. Name some on the command line to run only those; ``--json`` prints plain results.
"""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def measure(path: Path) -> list[dict[str, Any]]:
    """Run one file's measurement; it may return one result or several."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    # Known by name, so that a measurement can hand its functions to other processes.
    module = sys.modules[path.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    result = module.run()
    return result if isinstance(result, list) else [result]


def main(arguments: list[str]) -> None:
    """Run the measurements named, or all of them."""
    wanted = {a for a in arguments if not a.startswith("--")}
    paths = [p for p in sorted(FOLDER.glob("bench_*.py")) if not wanted or p.stem.removeprefix("bench_") in wanted]
    results = [result for path in paths for result in measure(path)]
    if "--json" in arguments:
        sys.stdout.write(json.dumps(results, indent=2, default=str) + "\n")
        return
    for result in results:
        goal = f" (goal {result['goal']})" if result.get("goal") else ""
        sys.stdout.write(f"{result['title']}: {result['ratio']:.2f} x {result['yardstick']}{goal}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
