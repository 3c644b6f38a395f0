"""Reference data of cases: the tables in `data/reference`, read once a process."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from app.cases.rules import parse_state
from app.errors import UnavailableError

FOLDER = Path(__file__).resolve().parents[3] / "data" / "reference"


@cache
def reference(name: str) -> tuple[Mapping[str, str], ...]:
    """Every row of a table of reference data, in the file's order; an empty field is an empty string.

    Raises
    ------
    UnavailableError
        `reference_missing`.
    """
    path = FOLDER / f"{name}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return tuple(csv.DictReader(file))
    except OSError as error:
        raise UnavailableError("reference_missing", path=str(path)) from error


@cache
def categories() -> tuple[dict[str, str | None], ...]:
    """The categories 小类 in use, as `app.cases.store.add_categories` takes them.

    `line` and `major` are codes: their names are messages (`line.…`, `major.…`).
    """
    wanted = ("code", "name", "name_en", "line", "major")
    rows = (row for row in reference("categories") if row["switched_on"] == "yes")
    return tuple({field: row[field] for field in wanted} for row in rows)


class StateWords(Mapping[str, str]):
    """Words that mean a state, whatever their case and the space around them; the states themselves are among them."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def __getitem__(self, word: str) -> str:
        state = parse_state(word, self._words)
        if state is None:
            raise KeyError(word)
        return state.value

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


@cache
def state_words() -> StateWords:
    """The words of `case_state_words.csv` and the stored state that each means."""
    return StateWords({row["word"].casefold(): row["state"] for row in reference("case_state_words")})
