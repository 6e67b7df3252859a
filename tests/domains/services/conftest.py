"""What the tests of government services share: the pages' fixtures, and a licence that an application may use."""

from tests.faces import conftest as pages
from tests.kernel.records.licences import conftest as licences

signed_in, time, visitor, world = pages.signed_in, pages.time, pages.visitor, pages.world
food = licences.food
