"""config.toml: settings, where each comes from, the table of keys, and the comments around them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.memory import Grade, Memory
from studykit.memory import Settings as Policy
from studykit.memory.policy import choices as intervals
from studykit.study import Home, StudyError
from studykit.study.keys import forget_keys, load_keys, store_keys
from studykit.study.settings import (
    Held,
    Settings,
    choices,
    default,
    forget,
    held,
    load,
    names,
    store,
    takes,
)
from studykit.study.week import DAYS, NORMAL, read_week
from tests.study.desk import Desk


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_every_value_tells_where_it_comes_from(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    store(home, "new_per_day", 7)
    store(home, "retention", 0.8)
    monkeypatch.setenv("STUDYKIT_NEW_PER_DAY", "8")
    found = held(home, {"theme": "studykit-light", "new_per_day": None})
    assert found["new_per_day"] == Held(8, "environment", "STUDYKIT_NEW_PER_DAY", 7)
    assert found["retention"] == Held(0.8, "file", str(home.config), 0.8)
    assert found["theme"] == Held("studykit-light", "flag", "--theme")
    assert found["rollover"] == Held(4, "default", "default")
    assert tuple(found) == names()
    assert held(home, {"new_per_day": 3})["new_per_day"] == Held(3, "flag", "--new", 7)


def test_a_setting_taken_out_leaves_the_default_and_the_comments(home: Home) -> None:
    home.config.write_text("# mine\nnew_per_day = 5\n# end\n")
    assert forget(home, "new_per_day")
    assert home.config.read_text() == "# mine\n# end\n"
    assert not forget(home, "new_per_day")
    assert load(home) == Settings()
    with pytest.raises(StudyError, match="Did you mean retention"):
        forget(home, "retentoin")


def test_a_setting_written_after_keys_were_is_no_key(home: Home) -> None:
    store_keys(home, "reveal", ("x",))
    store(home, "new_per_day", 3)
    assert load(home).new_per_day == 3
    assert load_keys(home) == {"reveal": ("x",)}


KEYS = st.lists(
    st.sampled_from(["x", "f9", "ctrl+r", "question_mark", "at"]), min_size=1, max_size=3
)


@given(st.dictionaries(st.sampled_from(["reveal", "hint", "undo-1", "a.b"]), KEYS, max_size=4))
def test_keys_come_back_from_the_file_as_they_went_in(keys: dict[str, list[str]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        home.config.write_text("# mine\nnew_per_day = 5  # few\n")
        for command, several in keys.items():
            store_keys(home, command, tuple(several))
        assert load_keys(home) == {command: tuple(several) for command, several in keys.items()}
        assert load(home).new_per_day == 5
        for command in keys:
            store_keys(home, command, ())
        assert load_keys(home) == {}
        forget_keys(home)
        assert home.config.read_text().startswith("# mine\nnew_per_day = 5  # few\n")


def test_keys_may_be_written_as_a_list(home: Home) -> None:
    home.config.write_text('[keys]\nreveal = ["x", "f9"]\nhint = "h, f2"\n')
    assert load_keys(home) == {"reveal": ("x", "f9"), "hint": ("h", "f2")}
    forget_keys(home)
    assert load_keys(home) == {}


@pytest.mark.parametrize("text", ["keys = 3", "[keys]\nreveal = 3", "[keys]\nreveal = [3]"])
def test_keys_that_are_none_are_refused_with_their_file(home: Home, text: str) -> None:
    home.config.write_text(text)
    with pytest.raises(StudyError, match=r"config\.toml"):
        load_keys(home)


def test_every_setting_says_what_it_takes_and_its_default_is_among_that() -> None:
    for name in names():
        assert takes(name)
        if choices(name):
            assert str(default(name)).lower() in choices(name)


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("", NORMAL),
        ("sat sun", (1, 1, 1, 1, 1, 0.5, 0.5)),
        ("Monday=0, fri=0.25", (0, 1, 1, 1, 0.25, 1, 1)),
    ],
)
def test_easy_days_are_read(text: str, week: tuple[float, ...]) -> None:
    assert read_week(text) == week


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("caturday", "no day of the week"),
        ("sat=2", "between 0"),
        ("sat=x", "between 0"),
        (" ".join(f"{day}=0" for day in DAYS), "at least one day"),
    ],
)
def test_easy_days_that_are_none_are_refused(home: Home, text: str, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        store(home, "easy_days", text)
    assert not home.config.exists()


@given(st.integers(0, 6), st.integers(1, 300), st.integers(1, 200))
def test_an_easy_day_takes_no_review_where_a_day_beside_it_can(
    closed: int, card: int, stability: int
) -> None:
    week = tuple(0.0 if day == closed else 1.0 for day in range(7))
    memory = Memory(float(stability), 5.0, 739000, 739000 - stability, 4, 0, False)
    plain = intervals(memory, f"c{card}", 739000, Policy())
    easy = intervals(memory, f"c{card}", 739000, Policy(easy=week))
    assert [one.days for one in easy.values()] == sorted(one.days for one in easy.values())
    good = easy[Grade.GOOD]
    if plain[Grade.GOOD].days >= 12:  # a range of several days: another one is free
        assert (739000 + good.days - 1) % 7 != closed
    assert good.memory.strength == plain[Grade.GOOD].memory.strength


def test_a_change_of_settings_holds_from_the_next_question(desk: Desk) -> None:
    desk.deck()
    with desk.open() as collection:
        assert collection.scheduling.retention == 0.9
        collection.change(Settings(retention=0.8, easy_days="sun=0", due_order="retrievability"))
        assert collection.scheduling.retention == 0.8
        assert collection.scheduling.easy[6] == 0
        assert collection.session().next() is not None
