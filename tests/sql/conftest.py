"""What tests of parts of models need: the types of every table, and both engines to ask."""

from pathlib import Path

import pytest
from model_slices import Types, types_of_an_empty_site
from two_engines import Asked, ask_duckdb, ask_spark

from analytics.warehouse.spark_session import open_spark


@pytest.fixture(scope="session")
def types(tmp_path_factory: pytest.TempPathFactory) -> Types:
    return types_of_an_empty_site(tmp_path_factory.mktemp("types"))


@pytest.fixture(params=["duckdb", "spark"])
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> Asked:
    """The engine a part of a model is run on, each in turn; Spark compiles, as on a cluster."""
    if request.param == "duckdb":
        return ask_duckdb
    with open_spark(request.getfixturevalue("spark"), tmp_path) as session:
        session.conf.set("spark.sql.codegen.wholeStage", "true")
        session.conf.set("spark.sql.codegen.factoryMode", "CODEGEN_ONLY")
        return ask_spark(session, tmp_path)
