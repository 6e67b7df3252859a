"""The pages' fixtures, for the pages of project approvals."""

from tests.faces import conftest as pages

signed_in, time, visitor, world = pages.signed_in, pages.time, pages.visitor, pages.world
