"""Ten thousand sets of weightings drawn and ranked, against numpy's bare draws, product and ranking."""

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

from wpound.core.robustness import check_robustness
from wpound.core.sensitivity import draw_weightings
from wpound.core.standing import find_standing

BIDS, MEASURES, DRAWS, ROUNDS = 10, 100, 10_000, 9


def run() -> list[dict[str, Any]]:
    """Near the published weightings and with no regard to them; and the whole panel once."""
    bench = scoring()
    case = bench.make(BIDS, MEASURES)
    standing = find_standing(case.method, case.bids, case.catalogue, bench.AS_OF)
    marks = [float(available) for available in case.method.tree.marks]
    shares = np.array([[float(share) for share in row] for row in standing.shares])
    found = []
    for near, alpha in ((True, np.array(marks) / 5), (False, np.ones(len(marks)))):

        def bare(alpha: Any = alpha) -> Any:
            drawn = np.random.default_rng(1).dirichlet(alpha, size=DRAWS)
            return np.argsort(-(drawn @ shares.T), axis=1)

        plain, ours = bench.time_together([bare, lambda near=near: draw_weightings(standing, DRAWS, 1, near)], ROUNDS)
        where = "near the published weightings" if near else "over any weightings"
        found.append(
            {
                "title": f"{DRAWS:,} draws {where}, {BIDS} bids x {MEASURES} measures, {ours * 1000:.1f} ms",
                "yardstick": f"numpy's bare draws, product and ranking, {plain * 1000:.1f} ms",
                "ratio": ours / plain,
                "goal": "at most 3",
            }
        )
    [whole] = bench.time_together([lambda: check_robustness(case.method, case.bids, case.catalogue, bench.AS_OF)], 1)
    row = {"title": f"the whole robustness panel, {whole:.2f} s", "yardstick": "those bare draws"}
    return [*found, row | {"ratio": whole / plain}]


def scoring() -> Any:
    """The tender of the scoring benchmark beside this file."""
    spec = importlib.util.spec_from_file_location("bench_scoring", Path(__file__).with_name("bench_scoring.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
