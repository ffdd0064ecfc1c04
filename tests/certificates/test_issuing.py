"""Issuing: once per person, source and cycle, with frozen facts."""

import threading
from datetime import date

import pytest
from sqlalchemy import func, select

from lms.certificates import issuing
from lms.certificates.facts import Facts, Statement
from lms.certificates.models import Certificate
from lms.core import db
from lms.core.db import session
from tests.cast import make_cast
from tests.factories_certificates import FACTS, make_certificate, make_issuer


@pytest.mark.usefixtures("cast")
def test_without_an_issuer_above_nothing_is_issued(cast):
    with pytest.raises(issuing.NoIssuer):
        make_certificate(cast.persons["teacher"])


def test_the_facts_are_those_of_the_day_of_issue(cast):
    make_issuer(cast.units["so"])
    certificate = make_certificate(cast.persons["teacher"])
    cast.persons["teacher"].given_name = "Hương"
    session.flush()

    statement = Statement.from_json(certificate.facts)

    assert statement.holder.full_name == "Nguyễn Thị Thu Hường"
    assert statement.holder.unit_name == "THCS Sông Xanh"
    assert statement.achievement == FACTS
    assert certificate.facts_hash == statement.hash()


def test_asking_twice_gives_the_same_certificate(cast):
    make_issuer(cast.units["so"])
    first = make_certificate(cast.persons["teacher"])
    assert make_certificate(cast.persons["teacher"]).id == first.id


def test_a_new_cycle_is_a_new_certificate_with_the_next_number(cast):
    make_issuer(cast.units["so"])
    first = make_certificate(cast.persons["teacher"])
    second = make_certificate(cast.persons["teacher"], cycle=2)
    assert (first.number, second.number) == (1, 2)
    assert first.state == second.state == "valid"


def test_the_nearest_issuer_above_issues(cast):
    make_issuer(cast.units["so"], code="SGDĐT")
    make_issuer(cast.units["ward_a"], code="PSX")
    assert make_certificate(cast.persons["teacher"]).serial.endswith("GCN-PSX")
    assert make_certificate(cast.persons["stranger_teacher"]).serial.endswith("GCN-SGDĐT")


@pytest.mark.real_database
def test_eight_at_once_get_one_certificate_each_and_no_number_twice(real_database):
    with db.transaction():
        cast = make_cast()
        make_issuer(cast.units["so"])
        persons = [cast.persons[name].id for name in ("teacher", "other_teacher", "neighbour", "keeper")]
    errors = []

    def work(person_id: int) -> None:
        try:
            with db.transaction():
                issuing.issue(
                    person_id=person_id, source="programme:1", cycle=1, issued_on=date(2026, 4, 14), valid_until=None, facts=FACTS
                )
        except Exception as error:  # the test must see what happened in the thread
            errors.append(error)

    threads = [threading.Thread(target=work, args=(person_id,)) for person_id in persons * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    numbers = session.scalars(select(Certificate.number).order_by(Certificate.number)).all()
    assert session.scalar(select(func.count(func.distinct(Certificate.person_id)))) == 4
    assert len(numbers) == len(set(numbers)) == 4


def test_facts_of_an_unknown_schema_are_refused():
    with pytest.raises(ValueError, match="schema"):
        Statement.from_json({"schema": 99})


def test_facts_survive_json():
    assert isinstance(FACTS, Facts)
