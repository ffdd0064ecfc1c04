"""What the password hash alone allows: sign-ins can never be more."""

import time
from collections.abc import Callable

from bench.rounds import Rate
from lms.accounts.passwords import hasher


def verifying() -> Callable[[float], Rate]:
    """Return a measurement of argon2id at the cost that the app uses, in this process."""
    stored = hasher.hash("an-toan-so-2026")

    def measure(seconds: float) -> Rate:
        begun, used, count = time.perf_counter(), time.process_time(), 0
        while time.perf_counter() - begun < seconds:
            hasher.verify(stored, "an-toan-so-2026")
            count += 1
        return Rate(count / (time.perf_counter() - begun), 1e6 * (time.process_time() - used) / count)

    return measure
