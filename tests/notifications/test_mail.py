"""Writing mails."""

from email import message_from_bytes, policy

import pytest

from lms.notifications import kinds, mail

SENDER = "An toàn số <khong-tra-loi@antoanso.example>"
WHO = {
    "name": "Nguyễn Thị Hường",
    "username": "nguyen.thi.huong",
    "site": "https://antoanso.example",
    "url": "https://antoanso.example/x/SECRET",
}
PAYLOADS = {
    "activate": {},
    "reset": {},
    "certificate": {"title": {"vi": "Luật An ninh mạng", "en": "Cyber-security law"}, "code": "K7M2-9QXF", "serial": "0418/GCN", "valid_until": "2028-04-14"},
    "course_moved": {"course_title": {"vi": "Ba bước", "en": "Three steps"}, "slug": "ba-buoc"},
    "course_review": {"course_title": {"vi": "Ba bước", "en": "Three steps"}, "slug": "ba-buoc", "what": "sent_back", "text": "Thiếu nguồn ở bài 2."},
    "pass_restored": {"programme_title": {"vi": "Bồi dưỡng", "en": "Training"}, "reason": "Đã xác minh lại.", "audience": "staff"},
    "pass_revoked": {"programme_title": {"vi": "Bồi dưỡng", "en": "Training"}, "reason": "Người khác làm bài thay.", "audience": "staff"},
    "programme_fulfilled": {"programme_title": {"vi": "Bồi dưỡng", "en": "Training"}, "from_day": "2026-04-14", "until_day": "2028-04-14"},
    "quiz_marked": {"quiz_title": {"vi": "Bài cuối khóa", "en": "Final quiz"}, "attempt_id": 7, "passed": True},
    "quiz_regraded": {"quiz_title": {"vi": "Bài cuối khóa", "en": "Final quiz"}, "attempt_id": 7, "passed": False},
    "recognition_decided": {"programme_title": {"vi": "Bồi dưỡng", "en": "Training"}, "document": "GCN số 12/2026", "approved": False, "reason": "Thiếu dấu."},
    "reminder": {"duties": [{"title": {"vi": "Luật An ninh mạng", "en": "Cyber-security law"}, "day": "2026-12-31"}], "from_name": "Nguyễn Hoàng Phúc"},
}  # fmt: skip


def test_every_kind_has_a_sample_here():
    assert set(PAYLOADS) == set(kinds.NEEDED)


@pytest.mark.parametrize("kind", kinds.NEEDED)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_kind_is_written_in_both_languages(kind: str, language: str):
    kinds.check(kind, PAYLOADS[kind])

    letter = mail.write(kind, language, PAYLOADS[kind] | WHO)

    assert (
        len(letter.subject) > 5,
        "\n" in letter.subject,
        "Nguyễn Thị Hường" in letter.text,
        "https://antoanso.example" in letter.text,
    ) == (True, False, True, True)
    assert ("Kính gửi" in letter.text) == (language == "vi")
    assert "{" not in letter.text + letter.subject


@pytest.mark.parametrize("kind", kinds.NEEDED)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_kind_is_written_with_only_what_it_needs(kind: str, language: str):
    least = {name: PAYLOADS[kind][name] for name in kinds.NEEDED[kind]}

    assert mail.write(kind, language, least | WHO).text


@pytest.mark.parametrize("kind", ["activate", "reset"])
def test_the_secret_link_stands_on_a_line_of_its_own(kind: str):
    assert WHO["url"] in mail.write(kind, "vi", WHO).text.splitlines()


def test_days_are_written_the_vietnamese_way():
    assert "có giá trị đến 14/04/2028" in mail.write("certificate", "vi", PAYLOADS["certificate"] | WHO).text


def test_a_title_with_a_line_break_cannot_add_a_header():
    payload = {"title": {"vi": "CB1\r\nBcc: all@evil.example"}, "code": "X"}

    letter = mail.write("certificate", "vi", payload | WHO)
    message = mail.envelope(letter, to_name="Lê An", to_address="an@truong.example", sender=SENDER)

    assert message["Bcc"] is None


def test_a_name_with_a_line_break_cannot_add_a_header():
    letter = mail.Letter("Chào", "Nội dung\n")

    message = mail.envelope(letter, to_name="Lê\r\nBcc: all@evil.example", to_address="an@truong.example", sender=SENDER)

    assert (message["Bcc"], message["To"].addresses[0].addr_spec) == (None, "an@truong.example")


@pytest.mark.parametrize("address", ["no address", "a@b\r\nBcc: all@evil.example", ""])
def test_an_address_that_is_none_is_refused(address: str):
    with pytest.raises((ValueError, IndexError)):
        mail.envelope(mail.Letter("Chào", "x\n"), to_name="Lê An", to_address=address, sender=SENDER)


def test_the_letter_survives_the_journey():
    letter = mail.Letter("Đặt lại mật khẩu", "Kính gửi Nguyễn Thị Hường,\n")

    arrived = message_from_bytes(
        bytes(mail.envelope(letter, to_name="Nguyễn Thị Hường", to_address="h@truong.example", sender=SENDER)), policy=policy.default
    )

    assert (arrived["Subject"], arrived["From"].addresses[0].display_name, arrived["To"].addresses[0].display_name) == (
        "Đặt lại mật khẩu",
        "An toàn số",
        "Nguyễn Thị Hường",
    )
    assert (arrived.get_content().replace("\r\n", "\n"), arrived["Auto-Submitted"]) == (letter.text, "auto-generated")
