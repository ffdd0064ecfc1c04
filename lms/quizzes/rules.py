"""Who may do what with attempts."""

from lms.web.signin import Actor


def may_work_on(actor: Actor, learner_id: int) -> bool:
    """Only the learner: nobody else sees or gives the answers of an attempt, whatever their role."""
    return actor.person_id == learner_id
