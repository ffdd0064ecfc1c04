"""The control characters of GIFT: finding those that are not escaped."""

CONTROL = "~=#{}:"


def find(text: str, wanted: str, start: int = 0) -> int:
    """Return where ``wanted`` first stands unescaped, or -1."""
    position = start
    while position < len(text):
        if text[position] == "\\" and text[position + 1 : position + 2] in (*CONTROL, "\\", "n"):
            position += 2
        elif text.startswith(wanted, position):
            return position
        else:
            position += 1
    return -1


def find_last(text: str, wanted: str) -> int:
    """Return where ``wanted`` last stands unescaped, or -1."""
    last, found = -1, find(text, wanted)
    while found >= 0:
        last, found = found, find(text, wanted, found + 1)
    return last


def split(text: str, separators: str) -> list[tuple[str, str]]:
    """Split at unescaped separators; return each with the text that follows it, "" before the first."""
    parts, sign, start, position = [], "", 0, 0
    while position < len(text):
        if text[position] == "\\" and text[position + 1 : position + 2] in (*CONTROL, "\\", "n"):
            position += 2
            continue
        if text[position] in separators:
            parts.append((sign, text[start:position]))
            sign, start = text[position], position + 1
        position += 1
    return [*parts, (sign, text[start:])]


def unescape(text: str) -> str:
    """Return the text that was meant; a backslash before anything else is a backslash."""
    result, position = [], 0
    while position < len(text):
        following = text[position + 1 : position + 2]
        if text[position] == "\\" and following and following in CONTROL + "\\n":
            result.append("\n" if following == "n" else following)
            position += 2
        else:
            result.append(text[position])
            position += 1
    return "".join(result)


def escape(text: str) -> str:
    """Return the text as it stands in a file, in one line."""
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    for sign in CONTROL:
        text = text.replace(sign, f"\\{sign}")
    return text
