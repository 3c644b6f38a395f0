"""What a place in the log does not show, whatever the order in which transactions end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.notify.rules import NOBODY, Change, Place
from app.notify.service.remembering import Remembered

EPOCH = "0123456789ab"


def change(number: int, xid: int) -> Change:
    return Change(xid, number, 1, {}, NOBODY, NOBODY)


def test_a_place_shows_what_its_snapshot_shows() -> None:
    known = Remembered(change(xid, xid) for xid in range(8, 23))
    found = known.after(Place.of(EPOCH, "10:20:10,14"))
    assert [one.xid for one in found] == [10, 14, 20, 21, 22]


@given(
    st.lists(st.integers(1, 30), max_size=40),
    st.integers(0, 40),
    st.integers(1, 32),
    st.frozensets(st.integers(1, 31), max_size=5),
)
def test_it_is_what_going_through_all_of_them_finds(
    xids: list[int], dropped: int, following: int, running: frozenset[int]
) -> None:
    changes = [change(number, xid) for number, xid in enumerate(xids)]
    known = Remembered(changes[: len(changes) // 2])
    for one in changes[len(changes) // 2 :]:
        known.add(one)
    gone = [known.drop() for _ in range(min(dropped, len(changes)))]
    left = changes[len(gone) :]
    assert gone == changes[: len(gone)] and len(known) == len(left)
    assert not left or known.lowest == min(one.xid for one in left)
    place = Place(EPOCH, following, frozenset(xid for xid in running if xid < following))
    unseen = [one for one in left if one.xid >= following or one.xid in place.running]
    found = known.after(place)
    assert sorted(one.case_id for one in found) == sorted(one.case_id for one in unseen)
    # Of one transaction they stay in their order.
    assert found == sorted(unseen, key=lambda one: (one.xid not in place.running, one.xid, one.case_id))


def test_nothing_is_left_when_everything_is_forgotten() -> None:
    known = Remembered([change(1, 5), change(2, 5), change(3, 4)])
    known.clear()
    assert not known and not known.after(Place.of(EPOCH, "1:1:"))
