"""make_...: certificates and their issuers."""

from datetime import date

from lms.accounts.models import Person
from lms.certificates import issuing
from lms.certificates.facts import Facts
from lms.certificates.models import Certificate, Issuer
from lms.schools.models import Unit

FACTS = Facts(
    programme_title={"vi": "Bồi dưỡng an ninh mạng", "en": "Cyber-security training"},
    course_code="CB1",
    course_title={"vi": "Pháp luật an ninh mạng và trách nhiệm của cán bộ, giáo viên", "en": "Cyber-security law and educators' duties"},
    course_version=1,
    periods=4,
    started_on=date(2026, 4, 1),
    completed_on=date(2026, 4, 14),
    share=0.9333,
)


def make_issuer(unit: Unit, code: str = "SGDĐT") -> Issuer:
    return issuing.make_issuer(
        unit.id,
        code=code,
        name="Sở Giáo dục và Đào tạo",
        parent_name="UBND thành phố Hải Vân",
        place="Hải Vân",
        signer_title="Phó Giám đốc",
        signer_name="Trần Thị Ngọc Diễm",
    )


def make_certificate(person: Person, *, cycle: int = 1, valid_until: date | None = date(2028, 4, 14), facts: Facts = FACTS) -> Certificate:
    return issuing.issue(
        person_id=person.id, source="programme:1", cycle=cycle, issued_on=date(2026, 4, 14), valid_until=valid_until, facts=facts
    )
