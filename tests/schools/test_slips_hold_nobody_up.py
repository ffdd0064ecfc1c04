"""Drawing slips takes seconds: meanwhile everybody else can write, and what is sent is kept nowhere."""

from lms.core.db import session
from lms.schools import slips


def test_slips_are_drawn_when_everything_is_written(cast, sign_in, monkeypatch):
    drawn = []

    def draw(made, **_more):
        drawn.append((len(made), session().in_transaction()))
        return b"%PDF"

    monkeypatch.setattr(slips, "draw", draw)
    sent = sign_in("head").post(f"/units/school_a/classes/{cast.school_class.id}/cards", data={"who": "all"})
    assert sent.status_code == 200
    assert drawn == [(2, False)]
    assert sent.headers["Cache-Control"] == "no-store"


def test_a_file_of_persons_is_kept_in_no_cache(cast, sign_in):
    sent = sign_in("head").get("/units/school_a/coverage.xlsx")
    assert (sent.status_code, sent.headers["Cache-Control"]) == (200, "no-store")
