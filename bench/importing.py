"""What bringing in a large file of questions costs: python -m bench.importing [--sizes 500,5000] [--postgresql].

A generated GIFT file goes through the whole app as an author would bring it in: the
form, the preview, applying, the same file once more, undoing.
"""

import argparse
import io
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench import bank_data

STEPS = ("read and plan", "preview", "apply", "the same again", "undo")
OF_A_CATEGORY = 100
MOST_GROWTH = 1.5  # of what a question costs


def main() -> None:
    """Measure and print; ends with 1 when a question of a large file costs much more than one of a small file."""
    parser = argparse.ArgumentParser(prog="python -m bench.importing", description=__doc__)
    parser.add_argument("--sizes", default="500,5000")
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    measured = [_measured(size, postgresql=given.postgresql) for size in sizes]
    print(f"\n{'seconds':20}" + "".join(f"{size:>10,}" for size in sizes) + f"{'a question':>14}")
    grown = []
    for step in STEPS:
        growth = measured[-1][step] / sizes[-1] / (measured[0][step] / sizes[0])
        grown.append(growth)
        print(f"{step:20}" + "".join(f"{each[step]:>10.2f}" for each in measured) + f"{growth:>11.1f} x")
    print(f"most memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    raise SystemExit(any(each > MOST_GROWTH for each in grown))


def _measured(size: int, *, postgresql: bool) -> dict[str, float]:
    print(f"  {size:,} questions ...", file=sys.stderr)
    data = _file(size)
    with tempfile.TemporaryDirectory(prefix="antoanso-bench-") as folder, bank_data.app_in(Path(folder), postgresql=postgresql) as app:
        with app.app_context():
            bank_data.author()
        client = bank_data.signed_in(app)
        times: dict[str, float] = {}

        def timed(step: str, what: Callable[[], TestResponse], status: int) -> TestResponse:
            begun = time.perf_counter()
            answer = what()
            times[step] = time.perf_counter() - begun
            if answer.status_code != status:
                raise SystemExit(f"{step}: answered {answer.status_code}")
            return answer

        page = timed("read and plan", lambda: _send(client, data), 302).location
        timed("preview", lambda: client.get(page), 200)
        timed("apply", lambda: client.post(f"{page}/apply"), 302)
        timed("the same again", lambda: _send(client, data), 302)
        timed("undo", lambda: client.post(f"{page}/undo"), 302)
        return times


def _send(client: FlaskClient, data: bytes) -> TestResponse:
    return client.post(
        "/questions/import", data={"file": (io.BytesIO(data), "cau-hoi.gift"), "unit": "1", "format": "gift", "language": "vi"}
    )


def _file(size: int) -> bytes:
    random = Random(7)
    lines = []
    for number in range(size):
        if number % OF_A_CATEGORY == 0:
            lines.append(f"$CATEGORY: Kho/Chủ đề {number // OF_A_CATEGORY + 1}\n")
        said = [bank_data.sentence(random, 8) for _ in range(7)]
        lines.append(
            f"::Câu {number}::{bank_data.sentence(random, 18)}? {{\n"
            f"={said[0]}#{said[1]}\n~{said[2]}#{said[3]}\n~{said[4]}#{said[5]}\n####{said[6]}\n}}\n"
        )
    return "\n".join(lines).encode()


if __name__ == "__main__":
    main()
