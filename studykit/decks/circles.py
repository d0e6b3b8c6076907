"""Find cards that require one another in a circle, however many circles a knot of them holds."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence


def circles_in(links: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """One shortest circle for each knot of cards that all lead to one another."""
    circles = []
    knotted: set[str] = set()
    # What leads into a knot and what a knot leads to is taken away first.
    links = {name: links[name] for name in _knotted(links)}
    links = {name: links[name] for name in _knotted(_turned(links))}
    for start in links:
        if start in knotted:
            continue
        # Breadth first from one card of the knot back to itself.
        came: dict[str, str] = {}
        queue = deque([start])
        while queue and start not in came:
            name = queue.popleft()
            for other in links[name]:
                if other in links and other not in came:
                    came[other] = name
                    queue.append(other)
        if start in came:
            way = [start]
            while came[way[-1]] != start:
                way.append(came[way[-1]])
            circles.append([start, *reversed(way[1:])])
            knotted |= _reached(links, start) & _reached(_turned(links), start)
    return circles


def _knotted(links: Mapping[str, Sequence[str]]) -> list[str]:
    """The cards that are left when those that require nothing are taken away, again and again."""
    needs = {name: sum(other in links for other in set(to)) for name, to in links.items()}
    turned = _turned(links)
    free = [name for name, count in needs.items() if not count]
    for name in free:
        for other in turned[name]:
            needs[other] -= 1
            if not needs[other]:
                free.append(other)
    return [name for name, count in needs.items() if count]


def _turned(links: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    turned: dict[str, list[str]] = {name: [] for name in links}
    for name, to in links.items():
        for other in set(to):
            if other in links:
                turned[other].append(name)
    return turned


def _reached(links: Mapping[str, Sequence[str]], start: str) -> set[str]:
    seen = {start}
    queue = [start]
    for name in queue:
        for other in links[name]:
            if other in links and other not in seen:
                seen.add(other)
                queue.append(other)
    return seen
