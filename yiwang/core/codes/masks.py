"""What may be shown of a personal value without a purpose."""

import re

# A mobile number, or what is as long as a resident ID; codes of areas have twelve digits.
_PERSONAL = re.compile(r"(?<!\d)(?:1\d{10}(?!\d)|\d{15,}[Xx]?)")


def _mask(text: str, head: int, tail: int) -> str:
    # Too short to hide anything between head and tail: hide all but the first character.
    if len(text) < head + tail + 2:
        return text[:1] + "*" * max(len(text) - 1, 0)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def mask_id(text: str) -> str:
    """A resident ID (or any long personal code) with its first 3 and last 4 characters: ``210***********123X``."""
    return _mask(text, 3, 4)


def mask_phone(text: str) -> str:
    """A phone number with its first 3 and last 4 characters: ``138****8000``."""
    return _mask(text, 3, 4)


def mask_name(text: str) -> str:
    """A name with its first character: ``张**``."""
    name = text.strip()
    return name[:1] + "*" * max(len(name) - 1, 0)


def mask_numbers(text: str) -> str:
    """A sentence with every resident ID and mobile number in it masked."""
    return _PERSONAL.sub(lambda found: mask_id(found[0]), text)
