"""Statistics as `studykit stats --json` prints them: the keys stay, more may come.

Days are ISO dates, shares and probabilities run from 0 to 1, and what is not known yet is null.
"""

from __future__ import annotations

from typing import Any

from studykit.study.statistics import Statistics, iso
from studykit.study.statistics.recalls import Retention, Share

DIGITS = 4


def as_json(stats: Statistics) -> dict[str, Any]:
    """One object: day, goal, totals, days, retention, retention_by_week, forecast, stability,
    difficulty, time, calibration, mistakes, mistakes_by_day, decks, topics."""
    totals, calibration = stats.totals, stats.calibration
    return {
        "day": iso(stats.day),
        "goal": _rounded(stats.goal),
        "totals": {
            "cards": totals.cards,
            "learned": totals.learned,
            "answers": totals.answers,
            "seconds": totals.seconds,
            "days": totals.days,
            "streak": totals.streak,
            "longest_streak": totals.longest_streak,
        },
        "days": [
            {
                "day": iso(one.day),
                "again": one.again,
                "hard": one.hard,
                "good": one.good,
                "easy": one.easy,
                "new": one.new,
                "seconds": one.elapsed_ms // 1000,
            }
            for one in stats.days
        ],
        "retention": {
            "last_30_days": _retention(stats.recent_retention),
            "always": _retention(stats.retention),
        },
        "retention_by_week": [
            {"week": iso(week), **_share(share)} for week, share in stats.retention_by_week
        ],
        "forecast": {
            "overdue": stats.overdue,
            "days": [
                {"day": iso(stats.day + ahead), "due": due}
                for ahead, due in enumerate(stats.forecast)
            ],
        },
        "stability": [
            {"from": one.low, "to": one.high, "cards": one.cards} for one in stats.stability
        ],
        "difficulty": [
            {"from": one.low, "to": one.high, "cards": one.cards} for one in stats.difficulty
        ],
        "time": [
            {
                "kind": one.kind,
                "answers": one.answers,
                "seconds": one.seconds,
                "median_seconds": one.median,
            }
            for one in stats.times
        ],
        "calibration": {
            "of": calibration.of,
            "predicted": _rounded(calibration.predicted),
            "actual": _rounded(calibration.actual),
            "log_loss": _rounded(calibration.log_loss),
            "brier": _rounded(calibration.brier),
            "rmse": _rounded(calibration.rmse),
            "bins": [
                {
                    "from": round(one.low, 2),
                    "to": round(one.high, 2),
                    "predicted": _rounded(one.predicted),
                    "actual": _rounded(one.recalled / one.of),
                    "of": one.of,
                }
                for one in calibration.bins
            ],
        },
        "mistakes": [
            {
                "mistake": one.mistake,
                "family": one.family or None,
                "says": one.says,
                "times": one.times,
                "last": iso(one.last),
            }
            for one in stats.mistakes
        ],
        "mistakes_by_day": [
            {"day": iso(day), "times": times} for day, times in stats.mistakes_by_day
        ],
        "decks": [
            {
                "id": one.id,
                "title": one.title,
                "cards": one.cards,
                "learned": one.learned,
                "recall": _rounded(one.recall),
                "last_30_days": {
                    "answers": one.answers,
                    "seconds": one.seconds,
                    "retention": _share(one.retention),
                },
            }
            for one in stats.decks
        ],
        "topics": [
            {
                "topic": one.topic,
                "judged": one.judged,
                "right": one.right,
                "mistakes": one.mistakes,
            }
            for one in stats.topics
        ],
    }


def _retention(retention: Retention) -> dict[str, Any]:
    return {
        "young": _share(retention.young),
        "mature": _share(retention.mature),
        "all": _share(retention.all),
    }


def _share(share: Share) -> dict[str, Any]:
    return {"recalled": share.recalled, "of": share.of, "share": _rounded(share.share)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
