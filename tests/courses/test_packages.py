"""A course goes out and comes in again without loss, and an archive of a stranger harms nobody."""

import json
import shutil
import stat
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import click
import pytest
from click.testing import CliRunner, Result

from lms.cli.main import main
from lms.core import archives
from lms.core.db import session
from lms.courses import authoring, catalogue, packages, sources
from lms.courses.drafts import DraftProblems
from lms.courses.models import PageText, Version
from lms.courses.sharing import packing
from tests.courses.test_catalogue import COURSE, LESSON
from tests.factories_courses import LOCK

QUIZ = """      - key: p1
        kind: quiz
        minutes: 5
        title: {vi: Tin, en: Messages}
        quiz: {messages: [bank-otp]}
"""
pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A course with a picture, and with a message that comes with the program."""
    made = tmp_path / "thu"
    (made / "lessons").mkdir(parents=True)
    (made / "pictures").mkdir()
    (made / "course.yaml").write_text("# A note of the author.\n" + COURSE + QUIZ)
    for language in ("vi", "en"):
        (made / f"lessons/1.{language}.md").write_bytes(f"{LESSON}\r\n![Ổ khóa](pictures/lock.svg)\r\n".encode())
    (made / "pictures/lock.svg").write_bytes(LOCK)
    return made


def listed(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def bring(path: Path) -> Version:
    return authoring.publish(authoring.import_draft(packing.course_at(path)[0]))


def zipped(names: dict[str, bytes], path: Path) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return path


def test_what_goes_out_is_what_came_in_byte_for_byte_with_its_messages(folder: Path) -> None:
    bring(folder)

    files = packages.files_of("thu")

    ours = {
        f"messages/bank-otp.{language}.message": (catalogue.BUILT_IN / f"messages/bank-otp.{language}.message") for language in ("en", "vi")
    }
    assert files == listed(folder) | {path: file.read_bytes() for path, file in ours.items()}


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_what_goes_out_comes_in_as_the_same_version(folder: Path, tmp_path: Path, form: str) -> None:
    version = bring(folder)
    files = packages.files_of("thu")
    out = tmp_path / "out"
    if form == "folder":
        sources.write(files, out)
    else:
        out.write_bytes(packages.zipped(files))

    assert bring(out) is version


@pytest.mark.parametrize("path", catalogue.built_in(), ids=lambda path: path.name)
def test_every_built_in_course_goes_out_as_it_came_in(path: Path) -> None:
    bring(path)

    files = packages.files_of(path.name)

    own = {name: content for name, content in listed(path).items() if name in files}
    assert {name: content for name, content in files.items() if not name.startswith("messages/")} == {
        name: content for name, content in own.items() if not name.startswith("messages/")
    }
    assert set(listed(path)) <= set(files), "a file lies in the folder that the course does not use"


def test_the_same_files_are_the_same_archive(folder: Path) -> None:
    bring(folder)

    assert packages.zipped(packages.files_of("thu")) == packages.zipped(packages.files_of("thu"))


def test_a_course_may_lie_in_a_folder_of_its_archive(folder: Path, tmp_path: Path) -> None:
    path = zipped({f"thu-main/{name}": content for name, content in listed(folder).items()} | {"README": b"x"}, tmp_path / "a.zip")

    assert bring(path).course.slug == "thu"


@pytest.mark.parametrize(
    "names", [{}, {"a/b/course.yaml": b"slug: x"}, {"a/course.yaml": b"slug: x", "b/course.yaml": b"slug: y"}, {"readme.txt": b"x"}]
)
def test_an_archive_without_one_course_is_refused(names: dict[str, bytes], tmp_path: Path) -> None:
    with pytest.raises(packages.NoCourse):
        packing.course_at(zipped(names, tmp_path / "a.zip"))


@pytest.mark.parametrize(
    "name", ["../course.yaml", "/course.yaml", "a/../../course.yaml", "C:/course.yaml", "..\\course.yaml", "a\\..\\..\\b"]
)
def test_an_archive_that_leaves_its_folder_is_refused(name: str, tmp_path: Path) -> None:
    path = zipped({"course.yaml": b"slug: x", name: b"x"}, tmp_path / "a.zip")

    with pytest.raises(archives.Unsafe):
        packing.course_at(path)


def test_an_archive_with_a_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with ZipFile(path, "w") as archive:
        link = ZipInfo("course.yaml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")

    with pytest.raises(archives.Unsafe):
        packing.course_at(path)


def test_an_archive_that_grows_without_end_is_refused(tmp_path: Path) -> None:
    path = zipped({"course.yaml": b"0" * (packages.LIMITS.total + 1)}, tmp_path / "a.zip")

    with pytest.raises(archives.Bomb):
        packing.course_at(path)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"slug: thu")

    with pytest.raises(archives.NotAnArchive):
        packing.course_at(tmp_path / "a.zip")


@pytest.mark.parametrize("name", ["lessons/1.vi.md", "pictures/lock.svg"])
def test_a_folder_does_not_lead_elsewhere(folder: Path, tmp_path: Path, name: str) -> None:
    shutil.move(folder / name, tmp_path / "elsewhere")
    (folder / name).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(DraftProblems) as found:
        catalogue.load(folder)

    assert name in [each.file for each in found.value.problems]


def test_an_older_version_can_still_go_out(folder: Path) -> None:
    bring(folder)
    (folder / "lessons/1.vi.md").write_text(LESSON)
    (folder / "lessons/1.en.md").write_text(LESSON)
    bring(folder)

    assert "pictures/lock.svg" in packages.files_of("thu", 1)
    assert "pictures/lock.svg" not in packages.files_of("thu")
    with pytest.raises(packages.UnknownCourse):
        packages.files_of("thu", 3)


def run(*words: str) -> Result:
    command = main.get_command(click.Context(main), words[0])
    assert command is not None
    return CliRunner().invoke(command, words[1:])


@pytest.mark.real_database
def test_commands_bring_a_course_in_and_out(real_database: str, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    assert run("course", "import", str(folder)).output == "thu: version 1, published\n"
    assert run("course", "export", "thu", "--output", str(out)).output == f"{out}: 6 files\n"
    assert run("course", "import", str(out)).output == "thu: version 1, published (nothing new)\n"
    assert run("course", "export", "thu", "--output", str(out)).exit_code == 1
    assert run("course", "export", "thu", "--format", "zip", "--output", str(tmp_path / "thu.zip")).exit_code == 0
    assert run("courses", "check", str(tmp_path / "thu.zip")).output == "thu: 2 activities, nothing to mend\n"


def test_references_and_table_are_given_as_data() -> None:
    cited = json.loads(run("catalogue", "references", "--json").output)
    counted = json.loads(run("catalogue", "table", "--json").output)

    first = cited[0]
    assert {"course", "lesson", "language", "sentence", "key", "article", "as_of"} <= set(first)
    assert all(each["registered"] and each["as_of"] for each in cited)
    assert {row["course"] for row in counted} == {path.name for path in catalogue.built_in()}
    assert sum(row["references"] for row in counted) == len(cited)


def test_line_ends_of_windows_stay_in_the_file_and_make_no_difference_on_the_page(folder: Path) -> None:
    version = bring(folder)

    written = [text.source for text in session.query(PageText)]

    assert all("\r" not in source for source in written)
    assert b"\r\n" in packages.files_of(version.course.slug)["lessons/1.vi.md"]
