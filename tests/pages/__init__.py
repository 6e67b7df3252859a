"""Every address of the URL table, as a page to look at or with the reason why it is none.

Each face has a module here with two tables by route name; a test compares them with the URL table, so that a new
page cannot be left out:

- `PAGES`: `Page(who, address)`; `who` is the code of a post, "" for somebody who is not signed in; `address` is a text
  or a function of the made district (`tests.pages.district.Made`). Several pages of a route: a list.
- `NOT_PAGES`: why there is nothing to look at: takes a form, sends data, a file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Page:
    """`ready`: what must be there before the page is looked at, as a selector; `status`: of the answer."""

    who: str = ""
    address: str | Callable[[Any], str] = "/"
    ready: str = ""
    status: int = 200

    def of(self, made: Any) -> str:
        return self.address if isinstance(self.address, str) else self.address(made)
