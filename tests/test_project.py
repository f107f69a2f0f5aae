"""What the project says of itself is true: README, lock, layout, and what git may hold."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from readme_output import readme_as_run
from typer.main import get_command

from analytics.cli import app
from analytics.reference.tables import read_reference
from analytics.warehouse.dictionary import sql_readme

TOP_LEVEL = {
    "README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml", "requirements.lock",
    "analytics", "data", "notebooks", "sql", "tests",
    ".ci", ".gitignore", ".pre-commit-config.yaml", ".sqlfluff",
}  # fmt: skip
SITE_DATA = [
    "data/raw/january.835", "data/raw/deep/er/claims.837.gz", "data/site.toml", "data/site.key",
    "data/warehouse/current", "data/decks/payer.pptx", "data/reference.csv", "elsewhere/site.key",
    "data/sample/site.key", "data/sample/warehouse/current", "data/sample/decks/payer.pptx",
]  # fmt: skip
SHIPPED_DATA = [
    "data/README.md", "data/reference/house_codes.csv", "data/sample/site.toml",
    "data/sample/raw/claims.837", "data/sample/reference/payers.csv",
]  # fmt: skip


@pytest.fixture(scope="module")
def readme(project: Path) -> str:
    return (project / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def committed(project: Path) -> list[Path]:
    """Every file git holds or would hold after `git add`."""
    listed = git(project, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    return [Path(name) for name in listed.split("\0") if name and (project / name).is_file()]


def git(project: Path, *arguments: str, given: str = "") -> str:
    if not (project / ".git").exists():
        pytest.skip("not a git checkout")
    # Exit 1 of check-ignore means that nothing is ignored.
    done = subprocess.run(
        ["git", *arguments], cwd=project, input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def between(text: str, mark: str) -> str:
    """What the README holds from `<!-- mark -->` to `<!-- end -->`, fences left out."""
    found = re.search(rf"^<!-- {mark} -->\n(.*?)^<!-- end -->$", text, re.M | re.S)
    assert found, f"the README has no part marked {mark}"
    return re.sub(r"^```.*\n", "", found[1], flags=re.M)


def table_column(text: str) -> list[str]:
    """The first cells of a Markdown table's rows, head left out."""
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    return [row.split("|")[1].strip().strip("`") for row in rows[2:]]


def imports_of(node: ast.Import) -> list[str]:
    return [alias.name for alias in node.names]


def section(text: str, title: str) -> str:
    return text.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_readme_can_be_read_in_one_sitting(readme: str):
    assert len(readme.splitlines()) < 250


def test_readme_shows_what_its_commands_print(readme: str, tmp_path: Path):
    made = readme_as_run(readme, tmp_path)
    assert readme == made, "run python tests/readme_output.py"


def test_readme_names_every_command_and_no_other(readme: str):
    verbs = {row.split()[1] for row in table_column(between(readme, "commands"))}
    assert verbs == set(get_command(app).commands)


def test_second_line_lints_and_tests_everything(readme: str):
    _, second = between(readme, "two-lines").splitlines()
    for tool in ("ruff check .", "ruff format --check .", "sqlfluff lint sql", "pytest"):
        assert f".venv/bin/{tool}" in second


def test_ci_runs_the_lines_of_the_readme_and_not_its_own(project: Path, readme: str):
    ci = (project / ".ci" / "run").read_text(encoding="utf-8")
    assert "README.md" in ci
    assert not [line for line in between(readme, "two-lines").splitlines() if line in ci]


def test_glossary_has_the_words_of_the_definitions(readme: str, shared: Path):
    definitions = (shared / "metrics.md").read_text(encoding="utf-8")
    words = definitions.split("One word per thing")[1].split("\n\n")[0]
    named = re.findall(r"\*([a-z ]+)\*", " ".join(words.split()))
    assert table_column(section(readme, "Words")) == named


def test_map_names_every_folder_and_nothing_that_is_not_there(
    project: Path, readme: str, committed: list[Path]
):
    mapped = {entry.rstrip("/") for entry in table_column(section(readme, "Map"))}
    missing = {entry for entry in mapped if not (project / entry).exists()}
    folders = {path.parts[0] for path in committed if len(path.parts) > 1}
    inside = {
        f"{path.parts[0]}/{path.parts[1]}"
        for path in committed
        if path.parts[0] in ("analytics", "data", "sql") and len(path.parts) > 2
    }
    assert (missing, (folders | inside) - mapped) == (set(), set())


def test_top_level_holds_only_what_the_layout_names(committed: list[Path]):
    assert {path.parts[0] for path in committed} <= TOP_LEVEL


def test_lock_pins_every_declared_package_within_its_bounds(project: Path):
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        Requirement(line)
        for line in (*declared["project"]["dependencies"], *declared["dependency-groups"]["dev"])
    ]
    lock = (project / "requirements.lock").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, re.M))
    outside = [str(need) for need in wanted if pinned.get(need.name) not in need.specifier]
    assert not outside


def test_every_package_the_code_imports_is_declared(project: Path):
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in declared["optional-dependencies"].values() for line in lines]
    names = {Requirement(line).name for line in [*declared["dependencies"], *extras]}
    imported = {
        name.split(".")[0]
        for path in (project / "analytics").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else imports_of(node))
    }
    known = {"analytics", "vl_convert", *sys.stdlib_module_names, *names}
    assert imported <= known
    assert "vl-convert-python" in names


def test_reference_files_of_the_readme_can_be_used_as_they_stand(
    readme: str, project: Path, tmp_path: Path
):
    for part in between(readme, "reference-files").split("# ")[1:]:
        head, rows = part.split("\n", 1)
        (tmp_path / head.split(":")[0]).write_text(rows.strip() + "\n", encoding="utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {
        "payers.csv", "payer_aliases.csv", "contract_terms.csv"
    }  # fmt: skip
    assert read_reference(tmp_path, project / "data" / "reference").problems == ()


def test_lock_hashes_every_package_and_names_no_host(project: Path):
    lock = (project / "requirements.lock").read_text(encoding="utf-8")
    packages = re.split(r"\n(?=\S)", lock.strip())
    assert not [package for package in packages if "--hash=sha256:" not in package]
    strangers = r"://|--(?:index|extra|find|trusted)|^-|@ |[a-z0-9]\.(?:org|com|io|net)\b"
    assert not re.findall(strangers, lock, re.M)


def test_nothing_installs_from_a_named_host(project: Path):
    for name in ("pyproject.toml", ".pre-commit-config.yaml", ".ci/run", ".ci/lock"):
        assert "://" not in (project / name).read_text(encoding="utf-8"), name


def test_no_lock_file_that_records_hosts_is_kept(committed: list[Path]):
    assert not {"uv.lock", "pylock.toml", "package-lock.json"} & {path.name for path in committed}


def test_no_file_names_a_path_of_one_machine(project: Path, committed: list[Path]):
    machine = re.compile(r"(?<![\w.~$}])/(?:work|root|tmp|home|Users)/\w")
    found = [
        f"{path}: {hit[0]}"
        for path in committed
        if (hit := machine.search((project / path).read_text(encoding="utf-8", errors="replace")))
    ]
    assert not found


def test_notebooks_carry_no_outputs(project: Path, committed: list[Path]):
    for path in committed:
        if path.suffix == ".ipynb":
            cells = json.loads((project / path).read_text(encoding="utf-8"))["cells"]
            assert not [cell for cell in cells if cell.get("outputs")], path
            assert not [cell for cell in cells if cell.get("execution_count")], path


def test_git_ignores_a_sites_own_data_and_keeps_what_is_shipped(project: Path):
    asked = "\n".join([*SITE_DATA, *SHIPPED_DATA])
    ignored = git(project, "check-ignore", "--no-index", "--stdin", given=asked)
    assert ignored.split() == SITE_DATA


def test_commit_hook_refuses_what_git_would_be_forced_to_take(project: Path):
    hooks = yaml.safe_load((project / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {repository["repo"] for repository in hooks["repos"]} == {"local"}
    guard = next(hook for hook in hooks["repos"][0]["hooks"] if hook["id"] == "no-site-data")
    refused = [path for path in (*SITE_DATA, *SHIPPED_DATA) if re.search(guard["files"], path)]
    assert refused == SITE_DATA


def test_sql_readme_is_made_from_the_model_headers(project: Path):
    kept = (project / "sql" / "README.md").read_text(encoding="utf-8")
    made = sql_readme(project / "sql")
    assert kept == made, "run python -m analytics.warehouse.dictionary"
