"""One reason for each person, from a closed list; paths to targets."""

from datetime import date

import pytest

from lms.core.i18n import in_language
from lms.reports import reasons
from lms.reports.aims import Goal, planned
from lms.reports.ledger import Figure
from lms.reports.reasons import Standing

DAY = date(2026, 9, 30)
BEGUN = {"enrolled": True, "started": True, "signed_in_before": True, "required": 13, "quizzes": 1}


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (Standing(is_exempt=True, qualified=True), "exempt"),
        (Standing(qualified=True, ended_on=DAY), "trained"),
        (Standing(), "not_enrolled"),
        (Standing(signed_in_before=True), "not_enrolled"),
        (Standing(enrolled=True), "never_signed_in"),
        (Standing(enrolled=True, signed_in_before=True), "not_started"),
        (Standing(**BEGUN, done=6), "in_progress"),
        (Standing(**BEGUN, done=12), "quiz_not_taken"),
        (Standing(**BEGUN, done=12, quiz_failed=True), "quiz_failed"),
        (Standing(**BEGUN, done=6, quiz_failed=True), "quiz_failed"),
        (Standing(ended_on=DAY), "expired"),
        (Standing(**BEGUN, completed=True, done=13, ended_on=DAY), "expired"),
        (Standing(**BEGUN, done=2, ended_on=DAY), "in_progress"),
        (Standing(**BEGUN, completed=True, done=13, revoked=True), "revoked"),
        (Standing(**BEGUN, completed=True, done=13), "not_started"),
    ],
)
def test_each_standing_has_one_reason(standing: Standing, reason: str) -> None:
    assert reasons.reason(standing) == reason


def test_every_reason_is_a_sentence_in_both_languages() -> None:
    said = {}
    for language in ("vi", "en"):
        with in_language(language):
            said[language] = {
                reasons.say(key, until=DAY, exempt_reason="x", done=6, required=13, share=0.679, needed=0.8) for key in reasons.REASONS
            }
    assert len(said["vi"]) == len(said["en"]) == len(reasons.REASONS)
    assert said["vi"].isdisjoint(said["en"])
    assert "Kiểm tra chưa đạt: 67 %, cần 80 %" in said["vi"]
    assert "In progress: 6 of 13 steps" in said["en"]


def test_the_path_goes_steadily_to_the_goal_and_is_level_after_it() -> None:
    start, goal = Goal(date(2026, 1, 1), 0.3), Goal(date(2026, 1, 11), 0.8)

    assert [round(planned(start, goal, date(2026, 1, day)), 2) for day in (1, 6, 11, 20)] == [0.3, 0.55, 0.8, 0.8]
    assert planned(Goal(date(2026, 1, 1), 0.9), goal, date(2026, 1, 5)) == 0.8


def test_a_figure_never_reaches_a_target_by_rounding() -> None:
    assert Figure(obliged=61, trained=52).to_target(0.9) == 3
    assert Figure(obliged=10, trained=9).to_target(0.9) == 0
    assert Figure(obliged=1000, trained=899).to_target(0.9) == 1
    assert (Figure().share, Figure(exempt=2).share, Figure(exempt=2).exempt_share) == (None, None, 1.0)
