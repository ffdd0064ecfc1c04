"""Course packages: the .zip of a folder with a signed list of what is in it, and who signed it (pure, but for the key).

``package.json`` names the course, the version, the installation it comes from, the public key, and the SHA-256 of
every other file; ``package.sig`` is the Ed25519 signature over its bytes, behind a line that says what is signed.
A package without both is one that nobody vouches for; one in which anything differs is refused.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lms.core import archives, signing
from lms.core.errors import Invalid
from lms.core.i18n import lazy_
from lms.core.signing import Signer
from lms.courses import catalogue, packages, sources
from lms.courses.drafts import CourseDraft
from lms.courses.sharing.origins import Origin, WrongOriginError

LIST, SIGNATURE = "package.json", "package.sig"
SCHEMA = 1
_SIGNED_AS = b"antoanso course package 1\n"


class Tampered(Invalid):
    code = "package_tampered"
    message = lazy_(
        "The package was changed after it was signed ({name}). It was not opened. Ask the sender for it again, and keep what you have "
        "until it is clear who changed it."
    )


class NewerPackage(Invalid):
    code = "package_newer"
    message = lazy_("The package was made by a newer release of this program. Update first, then bring it in.")


@dataclass(frozen=True)
class Package:
    """What a package holds; ``origin`` is None when nobody signed it."""

    files: Mapping[str, bytes]
    origin: Origin | None


def sealed(files: Mapping[str, bytes], origin: Origin, signer: Signer) -> bytes:
    """Return the files of a course as a package that this installation signs."""
    listed = {
        "schema": SCHEMA,
        **origin.to_json(),
        "key": signer.public_key,
        "files": {path: hashlib.sha256(data).hexdigest() for path, data in sorted(files.items())},
    }
    text = json.dumps(listed, ensure_ascii=False, indent=1).encode()
    return packages.zipped({LIST: text, SIGNATURE: signer.sign(_SIGNED_AS + text).encode(), **files})


def opened(content: bytes) -> Package:
    """Return what is in a package, or in a plain .zip of a course.

    Raises Tampered, NewerPackage, packages.NoCourse, and as archives.open_zip does when the file is not safe.
    """
    archive = archives.open_zip(content, packages.LIMITS)
    names = {entry.name for entry in archive.entries if not entry.is_folder}
    if not names & {LIST, SIGNATURE}:
        root = packages.root(names)
        return Package({name.removeprefix(root): archive.read(name) for name in names if name.startswith(root)}, None)
    for name in (LIST, SIGNATURE):
        if name not in names:
            raise Tampered(name=name)
    text = archive.read(LIST)
    listed = _listed(text)
    if listed.get("schema") != SCHEMA and isinstance(listed.get("schema"), int) and listed["schema"] > SCHEMA:
        raise NewerPackage()
    signature = archive.read(SIGNATURE).decode("ascii", "replace").strip()
    if not signing.is_signed_by(str(listed.get("key")), signature, _SIGNED_AS + text):
        raise Tampered(name=SIGNATURE)
    sums = listed.get("files")
    files = {name: archive.read(name) for name in sorted(names - {LIST, SIGNATURE})}
    if not isinstance(sums, Mapping):
        raise Tampered(name=LIST)
    for name in sorted(set(sums) | set(files)):
        if name not in files or sums.get(name) != hashlib.sha256(files[name]).hexdigest():
            raise Tampered(name=name)
    try:
        return Package(files, Origin.from_json(listed))
    except WrongOriginError as error:
        raise Tampered(name=LIST) from error


def course_at(path: Path) -> tuple[CourseDraft, Origin | None]:
    """Read the course at this path, be it a folder, a .zip file or a package; return with it who signed it, None when nobody did.

    Raises DraftProblems with what has to be mended, and as ``opened`` does.
    """
    if path.is_dir():
        return catalogue.load(path), None
    package = opened(path.read_bytes())
    return sources.load(package.files), package.origin


def _listed(text: bytes) -> Mapping[str, Any]:
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Tampered(name=LIST) from error
    if not isinstance(listed, Mapping):
        raise Tampered(name=LIST)
    return listed
