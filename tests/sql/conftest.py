"""The types every table has in a refresh, for tests that run parts of models on their own."""

import pytest
from model_slices import Types, types_of_an_empty_site


@pytest.fixture(scope="session")
def types(tmp_path_factory: pytest.TempPathFactory) -> Types:
    return types_of_an_empty_site(tmp_path_factory.mktemp("types"))
