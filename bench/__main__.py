"""make bench: what our pages cost, as a share of what the same server and database allow in the same run."""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import hashing, servers
from bench.rounds import Asked, Client, Comparison, compare
from bench.servers import Memory, Server

FINISHES = 10  # in a round
# Name of the scenario -> the least share of the limit that we want.
WANTED = {"course": 0.5, "lesson": 0.5, "save": 0.4, "sign_in": 0.9}
TITLES = {
    "course": "course page",
    "lesson": "lesson page",
    "home": "home of a teacher",
    "quiz": "page of a quiz",
    "school": "school dashboard",
    "office": "office page",
    "save": "save one answer",
    "finish": "finish an attempt",
    "sign_in": "sign in",
}
# Most statements cold and warm.
STATEMENTS = {"course": (8, 4), "lesson": (8, 4), "school": (8, 8), "office": (8, 8)}
MOST_MEMORY = 100  # MB
MOST_START = 1.5  # seconds


@dataclass(frozen=True)
class Options:
    rounds: int
    seconds: float
    only: list[str]


def main() -> None:
    """Measure everything and print it; ends with 1 when something we want does not hold."""
    options, instance, wards, size = _arguments()
    with tempfile.TemporaryDirectory(prefix="antoanso-bench-") as folder:
        place = instance or Path(folder)
        if instance is None:
            print(f"Filling a demo of {wards} wards at {size} of its size ...", file=sys.stderr)
            servers.run_module(["lms.cli.main", "demo", "--no-serve", "--wards", str(wards), "--size", str(size)], place)
        requests = json.loads(servers.run_module(["bench.inside", str(FINISHES * (options.rounds + 1))], place))
        kept = _measure(place, requests, options)
    raise SystemExit(0 if all(kept) else 1)


def _arguments() -> tuple[Options, Path | None, int, float]:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="turns of each (default 7)")
    parser.add_argument("--seconds", type=float, default=0.7, help="length of a turn (default 0.7)")
    parser.add_argument("--only", nargs="*", default=list(TITLES), choices=list(TITLES), metavar="NAME", help=", ".join(TITLES))
    parser.add_argument("--instance", type=Path, help="a filled instance folder, instead of a new demo")
    parser.add_argument("--wards", type=int, default=3)
    parser.add_argument("--size", type=float, default=0.2)
    given = parser.parse_args()
    return Options(given.rounds, given.seconds, given.only), given.instance, given.wards, given.size


def _measure(instance: Path, requests: dict[str, list[str]], options: Options) -> list[bool]:
    client = Client()
    starts = [servers.start_time(instance, "/sign-in") for _ in range(options.rounds + 1)][1:]
    try:
        with servers.limit(instance / "antoanso.sqlite") as limit, servers.ours(instance) as ours:
            compared = list(_compare(client, ours, limit, requests, options))
            memory, limit_memory = ours.memory(), limit.memory()
    finally:
        client.close()
    pages = {name: requests[name][0] for name in STATEMENTS if name in options.only}
    counts = json.loads(
        servers.run_module(["bench.counting"], instance, json.dumps({name: _path_and_cookie(each) for name, each in pages.items()}))
    )
    return [
        *_print_comparisons(compared),
        *_print_statements(counts),
        *_print_worker(memory, limit_memory, starts),
    ]


def _compare(client: Client, ours: Server, limit: Server, requests: dict[str, list[str]], options: Options) -> Iterable[Comparison]:
    page = Asked(client, limit, requests["limit"])
    commit = Asked(client, limit, requests["commit"], expect=(204,))
    for name in options.only:
        against = {"save": commit, "finish": commit, "sign_in": hashing.verifying()}.get(name, page)
        asked = Asked(
            client,
            ours,
            requests[name],
            expect=(302, 303) if name in ("finish", "sign_in") else (200,),
            once=name in ("save", "finish"),
            block=FINISHES if name == "finish" else 0,
        )
        print(f"  {TITLES[name]} ...", file=sys.stderr)
        yield compare(name, asked, against, rounds=options.rounds, seconds=options.seconds)


def _path_and_cookie(request: str) -> tuple[str, str]:
    lines = request.split("\r\n")
    cookie = next((line.removeprefix("Cookie: ") for line in lines if line.startswith("Cookie: ")), "")
    return lines[0].split(" ")[1], cookie


def _print_comparisons(compared: list[Comparison]) -> list[bool]:
    print(f"\n{'':20}{'ours /s':>22}{'limit /s':>22}{'share of the limit':>24}{'by processor':>20}  wanted")
    kept = []
    for each in compared:
        wanted = WANTED.get(each.name)
        ours, limit = ([rate.per_second for rate in rates] for rates in (each.ours, each.limit))
        held = wanted is None or each.share >= wanted
        kept.append(held)
        said = "" if wanted is None else f"  {wanted:.0%} {'yes' if held else 'NO'}"
        shares, processor = _spread([100 * one for one in each.shares], "%"), _spread([100 * one for one in each.processor_shares], "%")
        print(f"{TITLES[each.name]:20}{_spread(ours):>22}{_spread(limit):>22}{shares:>24}{processor:>20}{said}")
    print("The limit: a bare page (sign-in, one query, a template of 10 KB); to save and to finish: one row committed;")
    print("to sign in: argon2id alone. Median (least-most) of the rounds; by processor: time of the worker's processor per request.")
    return kept


def _print_statements(counts: Mapping[str, tuple[int, int, int]]) -> list[bool]:
    print(f"\n{'statements':20}{'cold':>8}{'warm':>8}{'KB gzip':>10}  wanted (cold, warm)")
    kept = []
    for name, (cold, warm, size) in counts.items():
        most_cold, most_warm = STATEMENTS[name]
        held = cold <= most_cold and warm <= most_warm
        kept.append(held)
        print(f"{TITLES[name]:20}{cold:>8}{warm:>8}{size / 1000:>10.1f}  {most_cold}, {most_warm} {'yes' if held else 'NO'}")
    return kept


def _print_worker(memory: Memory, limit_memory: Memory, starts: list[float]) -> list[bool]:
    kept = [memory.share < MOST_MEMORY, median(starts) < MOST_START]
    print(f"\nmemory of a worker after the run: {memory.share:.0f} MB (the bare app: {limit_memory.share:.0f})", end="; ")
    print(f"wanted below {MOST_MEMORY} {'yes' if kept[0] else 'NO'}")
    print(f"  (what it shares with the main process counts half; {memory.resident:.0f} MB with all of that, {memory.own:.0f} without)")
    print(f"from `lms serve` to the first 200: {_spread(starts, ' s', 2)}; wanted below {MOST_START} s {'yes' if kept[1] else 'NO'}")
    return kept


def _spread(values: list[float], unit: str = "", digits: int = 0) -> str:
    return f"{median(values):.{digits}f}{unit} ({min(values):.{digits}f}-{max(values):.{digits}f})"


if __name__ == "__main__":
    main()
