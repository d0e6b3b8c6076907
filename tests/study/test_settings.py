"""Settings: flag beats environment beats file beats default, and every mistake is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from studykit.study import Home, StudyError
from studykit.study.settings import Settings, load, names, says, store


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_without_a_file_the_defaults_hold(home: Home) -> None:
    assert load(home) == Settings()
    assert not home.config.exists()


def test_a_flag_beats_the_environment_which_beats_the_file(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(home, "new_per_day", "7")
    assert load(home).new_per_day == 7
    monkeypatch.setenv("STUDYKIT_NEW_PER_DAY", "8")
    assert load(home).new_per_day == 8
    assert load(home, {"new_per_day": 9}).new_per_day == 9
    assert load(home, {"new_per_day": None}).new_per_day == 8


def test_writing_keeps_comments_and_order(home: Home) -> None:
    home.config.write_text('# mine\ntheme = "light"  # bright\nnew_per_day = 5\n')
    store(home, "new_per_day", 12)
    assert home.config.read_text() == '# mine\ntheme = "light"  # bright\nnew_per_day = 12\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("new_per_dya = 3", "Did you mean new_per_day"),
        ("retention = 1.5", "between 0.7 and 0.97"),
        ("new_per_day = 'many'", "whole number"),
        ("new_per_day = true", "whole number"),
        ("plain = 3", "true or false"),
        ("new_order = 'never'", "mixed, first, last"),
        ("theme = [1", "not valid TOML"),
    ],
)
def test_a_wrong_file_says_what_and_where(home: Home, text: str, said: str) -> None:
    home.config.write_text(text)
    with pytest.raises(StudyError, match=said) as raised:
        load(home)
    assert "config.toml" in str(raised.value)


def test_a_wrong_value_is_not_written(home: Home) -> None:
    with pytest.raises(StudyError):
        store(home, "retention", "2")
    assert not home.config.exists()


def test_every_setting_says_what_it_does() -> None:
    assert all(says(name) for name in names())
