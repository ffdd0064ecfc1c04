"""What the front-end build made: logical names and the files behind them; knows no Flask."""

import json
from functools import cache
from pathlib import Path

BUILT = Path(__file__).parent / "static" / "built"


class NotBuilt(RuntimeError):
    """The front-end files are missing; `make build` makes them."""


@cache
def manifest() -> dict[str, str]:
    """Return logical name -> file name of what was built; raises NotBuilt."""
    path = BUILT / "manifest.json"
    if not path.exists():
        raise NotBuilt("the front-end files are missing: run `make build`")
    files: dict[str, str] = json.loads(path.read_text())
    return files
