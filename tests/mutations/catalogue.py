"""Every mutation: the file it edits, what stands there now, and the rule that is broken then."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
LIST = Path(__file__).with_name("mutations.toml")


@dataclass(frozen=True)
class Mutation:
    """One edit of one file that breaks `rule`; `old` stands once in `file`."""

    rule: str
    file: str
    old: str
    new: str

    def text(self, project: Path) -> str:
        """The file with the edit made.

        Raises   ValueError when the text to edit does not stand exactly once in the file
        """
        before = (project / self.file).read_text(encoding="utf-8")
        if (found := before.count(self.old)) != 1:
            raise ValueError(
                f"{self.file} has changed under the mutation '{self.rule}'; its text stands there "
                f"{found} times. Mend the entry in {LIST.name}."
            )
        return before.replace(self.old, self.new)


def mutations() -> list[Mutation]:
    """Every mutation of the list, in its order."""
    return [Mutation(**entry) for entry in tomllib.loads(LIST.read_text("utf-8"))["mutation"]]
