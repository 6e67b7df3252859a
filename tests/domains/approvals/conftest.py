"""The pages' fixtures, for the pages of project approvals."""

from tests.faces.conftest import signed_in, time, visitor, world  # noqa: F401
