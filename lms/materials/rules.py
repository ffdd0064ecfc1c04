"""Who sees who confirmed a document."""

from lms.schools import access
from lms.web.signin import Actor

SEEING = "see_coverage"


def units_seen(actor: Actor) -> list[int]:
    """Return the units of whose staff somebody sees what they confirmed."""
    return access.units_granting(actor, SEEING)
