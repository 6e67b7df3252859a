import pytest

from yiwang.kernel.registers.queries import reset_caches


@pytest.fixture
def packs_folder(tmp_path, settings):
    """A folder for packs of the test's own."""
    settings.PACKS_DIR = tmp_path
    reset_caches()
    yield tmp_path
    reset_caches()
