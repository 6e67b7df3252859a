import pytest

from yiwang.kernel.registers.queries import reset_caches


@pytest.fixture(autouse=True)
def packs_folder(tmp_path, settings):
    settings.PACKS_DIR = tmp_path
    reset_caches()
    yield tmp_path
    reset_caches()
