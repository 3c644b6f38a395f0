"""Who hears of what: groups, single persons, those who lose sight, those who come back, those who read too slowly."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db import Actor
from app.notify.rules import NOBODY, Audience, Change, Sight, folded, ranges, segments
from app.notify.service import Hub, Screen, Stream, streams
from app.notify.service import hub as hubs
from app.notify.store import Cursor

EPOCH = "0123456789ab"
WEST, EAST = "{[100,200)}", "{[200,300)}"


def at(snapshot: str) -> Cursor:
    return Cursor(EPOCH, snapshot)


def change(
    case: int, version: int, now: Audience, before: Audience = NOBODY, *, xid: int | None = None
) -> Change:
    shown = {"case_id": case, "version": version, "state": "handling", "loop": "district", "unit_id": None}
    return Change(xid or version, case, version, shown, now, before)


def place(area: int, *, units: tuple[int, ...] = (), accounts: tuple[int, ...] = ()) -> Audience:
    return Audience(frozenset((area,)), frozenset(units), frozenset(accounts))


class Desk:
    """A hub with a clock, and what each screen has heard."""

    def __init__(self, **known: Any) -> None:
        self.hub = Hub(at("1:1:"), **known)
        self.now, self.next = 100.0, 1

    def screen(self, account: int, territory: str = "{}", *units: int, since: str = "") -> Stream:
        actor = Actor(account, ("acceptor",), territory, units)
        return self.hub.join(Screen(actor, b"%d" % account, since), lambda: None)

    def tell(self, *changes: Change, seconds: float = 1.0) -> None:
        self.next = max(self.next, *(c.xid + 1 for c in changes)) if changes else self.next
        self.hub.publish(list(changes), at(f"{self.next}:{self.next}:"))
        self.now += seconds
        self.hub.flush(self.now)


def heard(stream: Stream) -> list[dict[str, Any]]:
    """The messages that wait for a screen, with their ids."""
    found = []
    for block in (stream.take() if stream.frames else b"").decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields.get("event") not in {None, "beat"}:
            found.append(
                {"event": fields["event"], "data": json.loads(fields["data"]), "id": fields.get("id")}
            )
    return found


def cases(stream: Stream) -> list[dict[str, Any]]:
    return [case for message in heard(stream) if message["event"] == "moves" for case in message["data"]]


def test_a_case_is_told_where_it_lies_and_nowhere_else() -> None:
    desk = Desk()
    west, east, whole = desk.screen(1, WEST), desk.screen(2, EAST), desk.screen(3, "{[1,1000)}")
    for stream in (west, east, whole):
        assert [message["event"] for message in heard(stream)] == ["hello"]
    desk.tell(change(7, 2, place(150)))
    assert [case["case_id"] for case in cases(west)] == [7] == [case["case_id"] for case in cases(whole)]
    assert cases(east) == []


def test_what_leaves_a_units_sight_is_gone_from_it_and_no_more_is_said() -> None:
    desk = Desk()
    unit = desk.screen(1, "{}", 5)
    heard(unit)
    desk.tell(change(7, 2, place(150, units=(5,))))
    assert [case["state"] for case in cases(unit)] == ["handling"]
    desk.tell(change(7, 3, place(150), place(150, units=(5,))))
    assert cases(unit) == [{"case_id": 7, "version": 3, "gone": True}]
    desk.tell(change(7, 4, place(150), place(150)))
    assert cases(unit) == []


def test_who_handles_or_reported_a_case_hears_of_it_wherever_it_lies() -> None:
    desk = Desk()
    crew, other = desk.screen(1, EAST), desk.screen(2, EAST)
    heard(crew), heard(other)
    desk.tell(change(7, 2, place(150, accounts=(1,))), change(8, 2, place(250), xid=3))
    assert [case["case_id"] for case in cases(crew)] == [8, 7]
    assert [case["case_id"] for case in cases(other)] == [8]
    desk.tell(change(7, 3, place(150), place(150, accounts=(1,))))
    assert [case.get("gone") for case in cases(crew)] == [True]


def test_who_keeps_a_case_by_one_way_when_another_ends_still_has_it() -> None:
    desk = Desk()
    one = desk.screen(1, "{}", 5)
    heard(one)
    desk.tell(change(7, 3, place(150, accounts=(1,)), place(150, units=(5,))))
    assert "gone" not in cases(one)[-1]
    desk.tell(change(7, 4, place(150, units=(5,)), place(150, accounts=(1,))))
    assert [case["version"] for case in cases(one)] == [4]


def test_moves_are_folded_into_a_frame_each_quarter_of_a_second() -> None:
    desk = Desk()
    west = desk.screen(1, WEST)
    heard(west)
    desk.tell(change(7, 2, place(150)), seconds=1.0)
    for version in (3, 4, 5):
        desk.tell(change(7, version, place(150)), change(9, version, place(150)), seconds=0.05)
    assert [case["version"] for case in cases(west)] == [2]
    desk.tell(seconds=0.1)
    messages = heard(west)
    assert len(messages) == 1
    assert [(case["case_id"], case["version"]) for case in messages[0]["data"]] == [(7, 5), (9, 5)]


def test_screens_with_one_sight_share_the_very_bytes() -> None:
    desk = Desk()
    one, two = desk.screen(1, WEST), desk.screen(2, WEST)
    heard(one), heard(two)
    desk.tell(change(7, 2, place(150)))
    assert one.frames[0] is two.frames[0]


def test_who_comes_back_hears_what_was_missed_once() -> None:
    desk = Desk()
    first = desk.screen(1, WEST)
    heard(first)
    desk.tell(change(7, 2, place(150)), change(8, 1, place(150), xid=3))
    since = heard(first)[-1]["id"]
    desk.hub.leave(first)
    desk.tell(change(7, 4, place(150)), change(9, 1, place(250), xid=5))
    desk.tell(change(7, 5, place(150)))
    again = desk.screen(1, WEST, since=since)
    messages = heard(again)
    assert [message["event"] for message in messages] == ["moves", "hello"]
    assert [(case["case_id"], case["version"]) for case in messages[0]["data"]] == [(7, 5)]
    assert messages[1]["data"] == {"resumed": True, "screens": 1} and messages[1]["id"]


def test_who_comes_in_between_two_frames_hears_nothing_twice() -> None:
    desk = Desk()
    first = desk.screen(1, WEST)
    since = heard(first)[0]["id"]
    desk.tell(change(7, 2, place(150)))
    desk.tell(change(8, 3, place(150)), seconds=0.05)
    late = desk.screen(1, WEST, since=since)
    desk.tell(seconds=1.0)
    assert [case["case_id"] for case in cases(late)] == [7, 8]
    assert [case["case_id"] for case in cases(first)] == [7, 8]


def test_a_late_commit_is_among_what_was_missed() -> None:
    desk = Desk()
    first = desk.screen(1, WEST)
    heard(first)
    desk.hub.publish([change(7, 2, place(150), xid=12)], at("10:13:10"))
    desk.hub.flush(200.0)
    since = heard(first)[-1]["id"]
    desk.hub.publish([change(8, 2, place(150), xid=10)], at("13:13:"))
    again = desk.screen(1, WEST, since=since)
    assert [case["case_id"] for case in cases(again)] == [8]


@pytest.mark.parametrize(
    "since",
    ["nonsense", f"{EPOCH}~1:1:", f"{EPOCH}~1:1:~00000000", "ffffffffffff~1:1:~{mark}", "~", "too long"],
)
def test_a_place_that_is_not_known_means_reading_everything_anew(since: str) -> None:
    desk = Desk()
    mark = heard(desk.screen(1, WEST))[0]["id"].rpartition("~")[2]
    assert [m["event"] for m in heard(desk.screen(1, WEST, since=since.format(mark=mark)))] == ["resync"]


def test_so_does_a_sight_that_has_changed() -> None:
    desk = Desk()
    since = heard(desk.screen(1, WEST))[0]["id"]
    assert [m["event"] for m in heard(desk.screen(1, WEST, since=since))] == ["hello"]
    assert [m["event"] for m in heard(desk.screen(1, EAST, since=since))] == ["resync"]
    assert [m["event"] for m in heard(desk.screen(1, WEST, 5, since=since))] == ["resync"]


def test_so_does_a_place_before_what_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "REMEMBERED", 3)
    desk = Desk()
    since = heard(desk.screen(1, WEST))[0]["id"]
    desk.tell(*(change(case, 1, place(150), xid=case) for case in range(10, 13)))
    assert [m["event"] for m in heard(desk.screen(1, WEST, since=since))] == ["moves", "hello"]
    desk.tell(change(13, 1, place(150), xid=13))
    assert [m["event"] for m in heard(desk.screen(1, WEST, since=since))] == ["resync"]


def test_a_new_process_knows_what_came_before_it() -> None:
    known = [change(7, 3, place(150), xid=20), change(8, 1, place(150), xid=21)]
    desk = Desk(changes=known, whole=False)
    desk.hub.cursor = at("22:22:")
    mark = heard(desk.screen(1, WEST))[0]["id"].rpartition("~")[2]
    assert [c["case_id"] for c in cases(desk.screen(1, WEST, since=f"{EPOCH}~21:21:~{mark}"))] == [8]
    assert [m["event"] for m in heard(desk.screen(1, WEST, since=f"{EPOCH}~20:20:~{mark}"))] == ["resync"]


def test_too_much_at_once_is_not_told_case_by_case() -> None:
    desk = Desk()
    west = desk.screen(1, WEST)
    heard(west)
    desk.tell(*(change(case, 1, place(150), xid=case) for case in range(2, 2 + streams.MOST_IN_FRAME + 1)))
    assert [m["event"] for m in heard(west)] == ["resync"]
    desk.hub.start_anew(at("9000:9000:"))
    assert [m["event"] for m in heard(west)] == ["resync"]


def test_who_reads_too_slowly_is_let_go() -> None:
    desk = Desk()
    slow, good = desk.screen(1, WEST), desk.screen(2, WEST)
    for number in range(2, 4000):
        desk.tell(change(number, 1, place(150), xid=number))
        heard(good)
    assert slow.ended and not good.ended
    assert sum(map(len, slow.frames)) <= streams.MOST_WAITING


def test_one_account_keeps_few_screens_open() -> None:
    desk = Desk()
    opened = [desk.screen(1, WEST) for _ in range(hubs.MOST_PER_PERSON + 1)]
    assert [stream.ended for stream in opened] == [True] + [False] * hubs.MOST_PER_PERSON


def test_beats_carry_how_far_a_quiet_screen_has_come() -> None:
    desk = Desk()
    west = desk.screen(1, WEST)
    heard(west)
    desk.tell(change(7, 2, place(250), xid=500))
    desk.tell(seconds=hubs.BEAT_S)
    assert b"id: %b~501:501:~" % EPOCH.encode() in west.take()


def test_who_has_left_is_forgotten() -> None:
    desk = Desk()
    for stream in [desk.screen(1, WEST), desk.screen(1, EAST, 3), desk.screen(2, WEST)]:
        desk.hub.leave(stream)
        desk.hub.leave(stream)
    assert not desk.hub.groups and not desk.hub.by_account
    desk.tell(change(7, 2, place(150, accounts=(1, 2))))


def test_folding_keeps_the_last_and_everybody_who_saw_it_before() -> None:
    one = change(7, 2, place(1, units=(5,)), place(1, accounts=(3,)))
    two = change(7, 3, place(1), place(1, units=(5,)))
    (found,) = folded([two, one])
    assert found.version == 3 and found.before == place(1, units=(5,), accounts=(3,))


def test_a_territory_is_read_as_postgresql_writes_it() -> None:
    assert ranges("{}") == ()
    assert ranges("{[1,5),[9,1152921504606846976)}") == ((1, 5), (9, 1152921504606846976))


territories = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=3).map(
    lambda pairs: tuple((low, low + width) for low, width in pairs)
)


@given(st.lists(territories, max_size=12), st.integers(0, 100))
def test_cutting_finds_whom_looking_at_each_would(all_of_them: list[Any], area: int) -> None:
    sights = [Sight(territory) for territory in all_of_them]
    cuts, covering = segments(sights)
    number = max((i for i, cut in enumerate(cuts) if cut <= area), default=None)
    found = set() if number is None else set(covering[number])
    assert found == {i for i, sight in enumerate(sights) if sight.covers(place(area))}


def test_many_screens_hear_what_each_would_be_told() -> None:
    """The hub against the rule, one screen at a time."""
    chance, desk = random.Random(4), Desk()
    screens = [
        desk.screen(
            n,
            f"{{[{low},{low + chance.choice((5, 20, 90))})}}",
            *chance.sample(range(9), chance.randrange(3)),
        )
        for n in range(60)
        for low in [chance.randrange(100)]
    ]
    for stream in screens:
        heard(stream)

    def audience() -> Audience:
        return place(
            chance.randrange(120),
            units=tuple(chance.sample(range(9), chance.randrange(2))),
            accounts=tuple(chance.sample(range(60), chance.randrange(3))),
        )

    for xid in range(10, 200):
        one = change(xid, 2, audience(), audience(), xid=xid)
        desk.tell(one)
        for stream in screens:
            sees = stream.sight.covers(one.now) or stream.account in one.now.accounts
            saw = stream.sight.covers(one.before) or stream.account in one.before.accounts
            last = cases(stream)[-1:]
            assert last == ([one.shown] if sees else [one.gone] if saw else [])


def test_a_screen_is_told_how_many_there_are() -> None:
    desk = Desk(processes=2)
    first = desk.screen(1, WEST)
    assert heard(first)[0]["data"] == {"screens": 2}
    assert heard(desk.screen(2, EAST))[0]["data"] == {"screens": 4}
