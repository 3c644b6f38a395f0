"""The line of a cut: a street where cells are small, a ridge where they are large."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spatial.tessellate.field import SIDE_MIN, Field, step_at, wildness
from spatial.tessellate.noise import Floats, wave_along

STREET_SWING, RIDGE_SWING, FADE = 0.013, 0.080, 0.72
"""Amplitude over wave length of a street and of a ridge, and the exponent by which it falls with the wave length."""

BINS = 24
JOG_EVERY = 700.0
"""Metres of a street between two sidesteps."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A straight axis through the plane at an angle in radians."""

    angle: float

    def along(self, xy: Floats) -> Floats:
        """Stations of points on the axis, metres."""
        stations: Floats = xy @ np.array([np.cos(self.angle), np.sin(self.angle)])
        return stations

    def across(self, xy: Floats) -> Floats:
        """Offsets of points to the left of the axis, metres."""
        offsets: Floats = xy @ np.array([-np.sin(self.angle), np.cos(self.angle)])
        return offsets

    def points(self, along: Floats, across: Floats) -> Floats:
        """The points at stations and offsets, shape (n, 2)."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return np.column_stack([along * cos - across * sin, along * sin + across * cos])


@dataclass(frozen=True, slots=True)
class Profile:
    """The local side of a cell along an axis, near the place of the cut."""

    start: float
    end: float
    stations: Floats
    log_side: Floats

    def side(self, t: Floats) -> Floats:
        """Local side of a cell at stations, metres."""
        sides: Floats = np.exp(np.interp(t, self.stations, self.log_side))
        return sides


def profile_of(field: Field, t: Floats, s: Floats, s_mid: float, reach: tuple[float, float]) -> Profile:
    """The profile along an axis.

    Parameters
    ----------
    t, s
        Stations and offsets of the field's points on the axis.
    s_mid
        Offset at which the cut is expected.
    reach
        Lowest and highest station of the region itself.
    """
    start = min(t.min(), reach[0]) - 2 * SIDE_MIN
    end = max(t.max(), reach[1]) + 2 * SIDE_MIN
    width = (end - start) / BINS
    near = np.abs(s - s_mid) <= max(np.ptp(s) * 0.25, 1.0)
    place = np.clip(((t[near] - start) / width).astype(int), 0, BINS - 1)
    count = np.bincount(place, minlength=BINS)
    total = np.bincount(place, np.log(field.side[near]), BINS)
    known = count > 0
    centres = start + (np.arange(BINS) + 0.5) * width
    return Profile(start, end, centres[known], total[known] / count[known])


def stations_of(generator: np.random.Generator, profile: Profile, jogs: Floats) -> Floats:
    """Stations of the corners: evenly jittered steps, and two close ones at each sidestep."""
    fine: Floats = np.linspace(profile.start, profile.end, 400)
    step = (profile.end - profile.start) / 399
    done: Floats = np.append(0.0, np.cumsum(step / step_at(profile.side(fine[1:]))))
    count = max(int(done[-1]), 8)
    place: Floats = (np.arange(count + 1) + generator.uniform(-0.28, 0.28, count + 1)) / count * done[-1]
    t: Floats = np.interp(np.concatenate([done[:1], place[1:-1], done[-1:]]), done, fine)
    clear = np.abs(t[:, None] - jogs).min(axis=1, initial=np.inf) > 9
    return np.unique(np.concatenate([t[clear], jogs - 2, jogs + 2]))


def curve(
    generator: np.random.Generator, profile: Profile, chord: float, least_wild: float
) -> tuple[Floats, Floats]:
    """Stations and offsets of a cut over its axis.

    The offset is a function of the station, so the line cannot cross itself.

    Parameters
    ----------
    chord
        Longest wave in metres: the size of the region that is cut.
    least_wild
        Roughness that the line has at least, 0 to 1: long borders look ruled without it.

    Notes
    -----
    1/f noise as a sum of value noises with random ratios of the wave lengths (a fixed ratio looks like a
    sine) and a calm that varies along the line. Cost is linear in the number of corners.
    """
    probe = np.linspace(profile.start, profile.end, 64)
    street = wildness(profile.side(probe)).mean() < 0.5
    count = generator.poisson(chord / JOG_EVERY) if street else 0
    jogs = np.sort(generator.uniform(profile.start, profile.end, count))
    t = stations_of(generator, profile, jogs)
    offset = _waves(generator, t, profile.side(t), chord, least_wild)
    for jog in jogs:
        aside = generator.choice([-1, 1]) * generator.uniform(0.07, 0.17)
        offset = offset + np.where(t > jog, aside * profile.side(np.array([jog]))[0], 0)
    return t, offset


def _waves(
    generator: np.random.Generator, t: Floats, side: Floats, chord: float, least_wild: float
) -> Floats:
    step, wild = step_at(side), np.maximum(wildness(side), least_wild)
    swing = STREET_SWING + (RIDGE_SWING - STREET_SWING) * wild
    offset, wave, height = np.zeros_like(t), chord * 0.9, chord
    while wave > 1.6 * step.min():
        calm = np.exp(0.5 * wave_along(generator, t, 2.5 * wave) - 0.2) * generator.lognormal(0, 0.3)
        shown = np.clip(wave / (3 * step) - 0.4, 0, 1)
        offset += wave_along(generator, t, wave) * height * calm * swing * shown
        ratio = generator.uniform(1.55, 2.3)
        wave, height = wave / ratio, height / ratio**FADE
    return offset
