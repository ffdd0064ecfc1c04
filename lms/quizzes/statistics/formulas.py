"""The figures of a test and of its questions, from how many did how well; pure.

Source: Moodle's "Quiz statistics calculations" (docs.moodle.org/dev), which
follows Ebel and Frisbie, Essentials of Educational Measurement (1991).  There
the sums run over students; here over the different marks, each with its number,
which is the same and needs no memory that grows with the number of learners.
Shares are 0.0 to 1.0 where Moodle writes per cent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

_NOTHING = 1e-12  # a variance below this is a rounding error


@dataclass(frozen=True)
class Pair:
    """So many attempts earned ``mark`` in a question and ``total`` in the whole test."""

    mark: float
    total: float
    count: int


@dataclass(frozen=True)
class Spread:
    """How marks lie; what needs more values than there are, or a variance, is None."""

    count: int
    mean: float
    median: float
    deviation: float | None  # of a sample: n - 1
    skewness: float | None
    kurtosis: float | None  # 0.0 for a normal distribution


@dataclass(frozen=True)
class Item:
    """How a question did."""

    count: int
    facility: float | None  # mean mark over full mark
    deviation: float | None  # of the share of the mark
    variance: float  # of the mark
    discrimination: float | None  # correlation with the rest of the test, -1.0 to 1.0
    efficiency: float | None  # of the most that would be possible with these marks, at most 1.0
    covariance: float | None  # of its mark with the total


def spread(counts: Mapping[float, int]) -> Spread | None:
    """Return how values lie, from value -> how often; None without any."""
    values = sorted((value, number) for value, number in counts.items() if number > 0)
    n = sum(number for _value, number in values)
    if not n:
        return None
    mean = fsum(value * number for value, number in values) / n
    m2, m3, m4 = (fsum((value - mean) ** power * number for value, number in values) / n for power in (2, 3, 4))
    if n < 2:
        return Spread(n, mean, _median(values, n), None, None, None)
    k2 = m2 * n / (n - 1)
    skewness = kurtosis = None
    if k2 > _NOTHING and n > 2:
        k3 = m3 * n * n / ((n - 1) * (n - 2))
        skewness = k3 / k2**1.5
        if n > 3:
            k4 = n * n * ((n + 1) * m4 - 3 * (n - 1) * m2 * m2) / ((n - 1) * (n - 2) * (n - 3))
            kurtosis = k4 / (k2 * k2)
    return Spread(n, mean, _median(values, n), sqrt(k2), skewness, kurtosis)


def consistency(variances: Sequence[float], of_total: float) -> float | None:
    """Return Cronbach's alpha (Moodle: coefficient of internal consistency) from the variances of the questions and of the total.

    At most 1.0; below 0 when questions work against each other; None with fewer
    than two questions, or when everybody has the same total.
    """
    n = len(variances)
    if n < 2 or of_total <= _NOTHING:
        return None
    return n / (n - 1) * (1 - fsum(variances) / of_total)


def error_ratio(alpha: float | None) -> float | None:
    """Return the part of the standard deviation that is chance; above 1.0 when alpha is negative."""
    return None if alpha is None else sqrt(max(1 - alpha, 0.0))


def standard_error(alpha: float | None, deviation: float | None) -> float | None:
    """Return by how many marks a total may be off by chance."""
    ratio = error_ratio(alpha)
    return None if ratio is None or deviation is None else ratio * deviation


def item(pairs: Iterable[Pair], full_mark: float) -> Item:
    """Return how a question did from the marks in it and the totals that came with them."""
    seen = [each for each in pairs if each.count > 0]
    n = sum(each.count for each in seen)
    if not n or full_mark <= 0:
        return Item(n, None, None, 0.0, None, None, None)
    mean = fsum(each.mark * each.count for each in seen) / n
    facility = mean / full_mark
    if n < 2:
        return Item(n, facility, None, 0.0, None, None, None)
    rest = [Pair(each.mark, each.total - each.mark, each.count) for each in seen]
    variance = _covariance([Pair(each.mark, each.mark, each.count) for each in seen], n)
    of_rest = _covariance([Pair(each.total, each.total, each.count) for each in rest], n)
    covariance = _covariance(rest, n)
    discrimination = efficiency = None
    if variance > _NOTHING and of_rest > _NOTHING:
        discrimination = _bounded(covariance / sqrt(variance * of_rest))
        most = _covariance(_both_sorted(rest), n)
        efficiency = min(covariance / most, 1.0) if most > _NOTHING else None
    return Item(n, facility, sqrt(variance) / full_mark, variance, discrimination, efficiency, _covariance(seen, n))


def effective_weights(covariances: Mapping[int, float | None]) -> dict[int, float | None]:
    """Return which part of the spread of the totals comes from each question, by key; they add up to 1.0.

    One whose mark goes against the total has none, and takes nothing from the others.
    """
    roots = {key: sqrt(value) if value is not None and value >= 0 else None for key, value in covariances.items()}
    in_all = fsum(each for each in roots.values() if each is not None)
    return {key: each / in_all if each is not None and in_all > _NOTHING else None for key, each in roots.items()}


def _covariance(pairs: Sequence[Pair], n: int) -> float:
    """Return the covariance of a sample, n - 1."""
    first = fsum(each.mark * each.count for each in pairs) / n
    second = fsum(each.total * each.count for each in pairs) / n
    return fsum((each.mark - first) * (each.total - second) * each.count for each in pairs) / (n - 1)


def _both_sorted(pairs: Sequence[Pair]) -> list[Pair]:
    """Pair the best mark with the best total, and so on: nothing could hang together more closely."""
    marks = sorted((each.mark, each.count) for each in pairs)
    totals = sorted((each.total, each.count) for each in pairs)
    made: list[Pair] = []
    at = at_total = 0
    left, left_total = marks[0][1], totals[0][1]
    while True:
        taken = min(left, left_total)
        made.append(Pair(marks[at][0], totals[at_total][0], taken))
        left, left_total = left - taken, left_total - taken
        if not left:
            at += 1
            if at == len(marks):
                return made
            left = marks[at][1]
        if not left_total:
            at_total += 1
            left_total = totals[at_total][1]


def _median(values: Sequence[tuple[float, int]], n: int) -> float:
    lower, upper = (n - 1) // 2, n // 2
    found: list[float] = []
    passed = 0
    for value, number in values:
        passed += number
        if not found and passed > lower:
            found.append(value)
        if passed > upper:
            found.append(value)
            break
    return (found[0] + found[-1]) / 2


def _bounded(value: float) -> float:
    return min(max(value, -1.0), 1.0)
