"""A Spark session for the models: the one a site hands in, or a local one of our own.

Our own leaves nothing behind: it spills into the warehouse, listens on this machine alone, opens no
page, fetches no package, and its Java process ends with it.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.errors import UsageError

if TYPE_CHECKING:
    from py4j.java_gateway import JavaGateway
    from pyspark.sql import SparkSession

INSTALL = "Install it: pip install 'infusion-analytics[spark]', and Java 17 or newer."
LEAST_MEGABYTES = 512
# Below this the cost is all planning and compiling, above it all rows.
SMALL_INPUT_BYTES = 64 * 1024 * 1024

# What decides a figure or a type: without the first, Spark drops digits of a product of sums.
DECIDING = {
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.cteRecursionLevelLimit": "10000",
    "spark.sql.cteRecursionRowLimit": "-1",
}
_FOR_FEW_ROWS = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
_JAVA_FOR_FEW_ROWS = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-XX:ReservedCodeCacheSize=240m",
)


def spark_version(given: "SparkSession | None" = None) -> str:
    """The version of Spark the models would run on.

    Takes    given, the session a caller hands in
    Raises   UsageError, saying what to install, where Spark or Java is missing
    """
    if given is not None:
        return given.version
    try:
        from pyspark.version import __version__
    except ImportError:
        raise UsageError(
            f"Spark is not installed, and the spark engine was asked for. {INSTALL}"
        ) from None
    home = os.environ.get("JAVA_HOME")
    if not (Path(home, "bin", "java").exists() if home else shutil.which("java")):
        found = f"JAVA_HOME is {home}, without a java in it" if home else "no java on the path"
        raise UsageError(f"Spark needs Java, and found none ({found}). {INSTALL}")
    return __version__


@contextmanager
def open_spark(
    given: "SparkSession | None",
    scratch: Path,
    *,
    memory: str | None = None,
    input_bytes: int | None = None,
) -> Iterator["SparkSession"]:
    """A session whose settings are those the figures need, beside whatever else its owner does.

    Takes    given, a session to work beside (its cluster, its memory), else one is started here and
             stopped at the end; scratch, a private folder for what Spark spills; memory, the most
             our own may hold (`2GB`); input_bytes, the size of what it will read, for its tuning
    Raises   UsageError where it does not start, or a given one refuses a setting that decides a
             figure
    """
    if given is not None:
        yield _settled(given.newSession())
        return
    is_small = input_bytes is not None and input_bytes < SMALL_INPUT_BYTES
    with _local_session(_settings(scratch, memory, is_small=is_small)) as session:
        yield _settled(session)


def _settled(session: "SparkSession") -> "SparkSession":
    for name, value in DECIDING.items():
        if session.conf.get(name) == value:
            continue
        try:
            session.conf.set(name, value)
        except Exception as error:  # noqa: BLE001 (each kind of session has errors of its own)
            raise UsageError(
                f"this Spark session does not let {name} be set to {value}, and figures rest on it "
                f"({type(error).__name__}). Hand in a session that does."
            ) from None
    return session


def _settings(scratch: Path, memory: str | None, *, is_small: bool) -> dict[str, str]:
    java = [f"-Djava.io.tmpdir={scratch}", "-XX:-UsePerfData"]
    settings = {
        "spark.master": "local[2]",
        "spark.app.name": "analytics",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.authenticate": "true",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": (scratch / "tables").as_uri(),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.hadoop.fs.permissions.umask-mode": "077",
        "spark.hadoop.fs.file.impl": "org.apache.hadoop.fs.RawLocalFileSystem",
        "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
    }
    if memory:
        settings["spark.driver.memory"] = f"{_megabytes(memory)}m"
    if is_small:
        settings |= _FOR_FEW_ROWS
        java += _JAVA_FOR_FEW_ROWS
    settings["spark.driver.extraJavaOptions"] = " ".join(map(_java_word, java))
    return settings


def _java_word(option: str) -> str:
    return '"' + option.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _megabytes(memory: str) -> int:
    sized = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT])(i?)B", memory.strip(), re.IGNORECASE)
    step = 1024 if sized and sized[3] else 1000
    size = float(sized[1]) * step ** ("KMGT".index(sized[2].upper()) + 1) if sized else 0
    if size < LEAST_MEGABYTES * 1024**2:
        raise UsageError(
            f"Spark cannot work in that memory; found {memory!r}. "
            f"Write a number and a unit, {LEAST_MEGABYTES}MiB or more, as in 2GB."
        )
    return int(size // 1024**2)


@contextmanager
def _local_session(settings: dict[str, str]) -> Iterator["SparkSession"]:
    from py4j.protocol import Py4JError
    from pyspark import SparkConf, SparkContext
    from pyspark.errors import PySparkException
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    conf = SparkConf(loadDefaults=False).setAll(list(settings.items()))
    # Spark tells its troubles on standard error with rows in them: they go nowhere.
    hushed = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    java = None
    try:
        if SparkContext._gateway is None:
            java = launch_gateway(conf, hushed)
        session = SparkSession(SparkContext(conf=conf, gateway=java))
    except (PySparkException, Py4JError, ValueError) as error:
        _end(java)
        raise UsageError(
            f"Spark did not start ({type(error).__name__}). It needs Java 17 or newer, and no "
            "other Spark in this program unless its session is handed in (spark=session)."
        ) from None
    try:
        yield session
    finally:
        # Where its Java process has died, that is the trouble to tell, and nothing is left to stop.
        with suppress(Py4JError, OSError):
            session.stop()
        _end(java)


def _end(java: "JavaGateway | None") -> None:
    """End the Java process that was started here: it would stay as long as this one."""
    from py4j.protocol import Py4JError
    from pyspark import SparkContext

    if java is None:
        return
    with suppress(Py4JError, OSError):
        java.shutdown()
    java.proc.stdin.close()
    java.proc.wait()
    if SparkContext._gateway is java:
        SparkContext._gateway = SparkContext._jvm = None
