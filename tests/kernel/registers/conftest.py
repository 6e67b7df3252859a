import pytest
from django.utils import translation

from yiwang.kernel.registers.queries import reset_caches


@pytest.fixture
def packs_folder(tmp_path, settings):
    """A folder for packs of the test's own."""
    settings.PACKS_DIR = tmp_path
    reset_caches()
    yield tmp_path
    reset_caches()


@pytest.fixture(autouse=True)
def english():
    """These tests read the sentences as they stand in the source."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def nothing_loaded(request):
    """Where a test uses the database it begins without a pack."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("no_pack")
