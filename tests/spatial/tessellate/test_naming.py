import pytest

from spatial.tessellate.naming import Naming, ordinal

NAMING = Naming(
    {
        "shorten": {"社区居委会": "社区", "村委会": "村"},
        "bare": ["社区", "村"],
        "bare_en": ["Community", "Village"],
        "road": ["路"],
        "road_en": ["lu"],
        "cell": "{bare}{number:03d}",
        "cell_en": "{bare_en} {number:03d}",
        "group_urban": "{name}第{ordinal}居民小组",
        "group_rural": "{name}第{ordinal}村民小组",
        "group_en": "{bare_en} Group {number}",
        "country_road": "{first}{second}线",
        "country_road_en": "{first_en}–{second_en} Road",
    }
)


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")],
)
def test_ordinals_read_as_spoken(number, text):
    assert ordinal(number) == text


def test_areas_are_called_without_their_committees():
    assert NAMING.area("河东社区居委会") == "河东社区"
    assert NAMING.area("东村村委会") == "东村村"
    assert NAMING.area("某区") == "某区"


def test_names_follow_the_patterns():
    assert NAMING.cell("河东社区", "Hedong Community", 7) == ("河东007", "Hedong 007")
    urban = NAMING.group("河东社区", "Hedong Community", 12, rural=False)
    assert urban == ("河东社区第十二居民小组", "Hedong Group 12")
    assert NAMING.group("东村村", "Dongcun Village", 1, rural=True)[0] == "东村村第一村民小组"
    assert NAMING.street_base("文艺路社区", "Wenyilu Community") == ("文艺", "Wenyi")
    ends = ("河东社区", "Hedong Community"), ("西山村", "Xishan Village")
    assert NAMING.country_road(*ends, 1) == ("河西线", "Hedong–Xishan Road")
    assert NAMING.country_road(*ends, 9)[0] == "河东西山线"
