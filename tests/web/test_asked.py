"""Numbers and letters in addresses that a database cannot take: they do not exist, and nothing breaks."""

import pytest

HUGE = "9" * 25


@pytest.mark.parametrize(
    "path",
    [
        f"/people/{HUGE}",
        f"/imports/{HUGE}",
        f"/attempts/{HUGE}",
        f"/attempts/1/{HUGE}",
        f"/units/school_a/classes/{HUGE}",
        f"/questions/{HUGE}",
        f"/questions/imports/{2**31}",
        "/units/%00",
        "/questions?words=%00",
        "/courses/%00",
    ],
)
def test_what_no_row_can_have_does_not_exist(cast, sign_in, path):
    assert sign_in("administrator").get(path).status_code == 404


@pytest.mark.parametrize("path", ["/attempts/{}/1", "/imports/{}/apply", "/people/{}/slip", "/quiz/{}/start"])
def test_nor_can_anything_be_sent_there(cast, sign_in, path):
    assert sign_in("administrator").post(path.format(HUGE)).status_code in (404, 405)


@pytest.mark.parametrize("page", [HUGE, "-1", "0", "x"])
def test_a_page_that_is_not_there_is_an_empty_list(cast, sign_in, page):
    administrator = sign_in("administrator")
    assert administrator.get(f"/questions?page={page}&category={HUGE}").status_code == 200
