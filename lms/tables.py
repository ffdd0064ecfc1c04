"""Imports every module with tables, so that the metadata is whole."""

from lms.accounts import models as accounts
from lms.attendance import models as attendance
from lms.certificates import models as certificates
from lms.core import models as core
from lms.core.db import Model
from lms.courses import models as courses
from lms.discussions import models as discussions
from lms.learning import models as learning
from lms.materials import models as materials
from lms.notifications import models as notifications
from lms.programmes import models as programmes
from lms.quizzes.models import attempt, bank, classroom, marking, paper, quiz, rules
from lms.reports import models as reports
from lms.schools import models as schools
from lms.surveys import models as surveys

MODULES = (
    core,
    accounts,
    schools,
    notifications,
    certificates,
    courses,
    programmes,
    learning,
    attendance,
    materials,
    surveys,
    discussions,
    bank,
    quiz,
    attempt,
    rules,
    classroom,
    paper,
    marking,
    reports,
)
metadata = Model.metadata
