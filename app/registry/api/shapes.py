"""What the registry's door takes and answers."""

from __future__ import annotations

from app.registry.rules.kinds import ElementKind, HouseholdRelation, ObjectState, RelationKind
from app.web.shapes import (
    CASE_ID,
    COUNT,
    DAY,
    ID,
    INSTANT,
    LAT,
    LON,
    NUMBER,
    TEXT,
    WHOLE,
    YES,
    Named,
    about,
    items,
    maybe,
    record,
    words,
)

ELEMENT_ID = {**CASE_ID}
NAMED = record(name=TEXT, name_en=maybe(TEXT))
AREA = record(id=ID, level=TEXT, code=TEXT, name=TEXT, name_en=maybe(TEXT))
LISTED = Named(
    "Element",
    record(
        id=ELEMENT_ID, kind=words(ElementKind), type=TEXT, type_name=TEXT, type_name_en=TEXT, code=maybe(TEXT),
        name=maybe(about(TEXT, "Of a person the masked name, for those who may read persons.")),
        address=maybe(TEXT), lon=maybe(LON), lat=maybe(LAT), site_id=maybe(ELEMENT_ID), area=maybe(AREA),
        unit=maybe(record(id=ID, name=TEXT, name_en=maybe(TEXT))), valid_from_on=DAY, valid_to_on=maybe(DAY),
        source=TEXT, simulated=YES, version=COUNT, merged=YES,
        merged_into=maybe(about(ELEMENT_ID, "Null too where that is not in sight.")),
    ),
)  # fmt: skip
PLACE = record(
    floors=maybe(WHOLE), floors_below=maybe(WHOLE), height_m=maybe(NUMBER), entrance=maybe(TEXT), floor=maybe(WHOLE),
    room=maybe(TEXT), shape=maybe(about({"type": "object"}, "GeoJSON, EPSG:4490.")),
)  # fmt: skip
OBJECT = record(
    state=words(ObjectState), department_code=maybe(TEXT), department=maybe(TEXT), owner=maybe(TEXT),
    custodian=maybe(TEXT),
)  # fmt: skip
ORGANISATION = record(has_phone=YES, filed_on=maybe(DAY), registered_on=maybe(DAY))
NEED = record(
    need=TEXT, name=TEXT, name_en=TEXT, legal_basis=TEXT, from_on=DAY, retain_until_on=DAY, source=TEXT
)
PERSON = record(
    has_identity=YES, has_phone=YES, born_on=maybe(DAY), household_id=maybe(ELEMENT_ID),
    household_relation=maybe(words(HouseholdRelation)), legal_basis=TEXT, retain_until_on=DAY,
    restricted_at=maybe(INSTANT), restriction=maybe(TEXT), needs=items(NEED),
)  # fmt: skip
ONE = Named(
    "ElementTold",
    record(
        element=LISTED, place=maybe(PLACE), object=maybe(OBJECT), organisation=maybe(ORGANISATION),
        person=maybe(PERSON),
    ),
)  # fmt: skip
RELATION = Named(
    "ElementRelation",
    record(
        id=ELEMENT_ID, kind=words(RelationKind), source_id=maybe(ELEMENT_ID), case_id=maybe(CASE_ID),
        target_id=ELEMENT_ID, from_on=DAY, to_on=maybe(DAY), source=TEXT, simulated=YES,
    ),
)  # fmt: skip
AROUND = Named(
    "Neighbourhood",
    record(
        elements=items(record(ring=COUNT, element=LISTED)),
        cases=items(record(ring=COUNT, case_id=CASE_ID)),
        relations=items(
            record(
                id=ELEMENT_ID, ring=COUNT, kind=words(RelationKind), source_id=maybe(ELEMENT_ID),
                case_id=maybe(CASE_ID), target_id=ELEMENT_ID,
            )
        ),
        cut=about(YES, "Whether a ring was not read to its end."),
    ),
)  # fmt: skip
TYPE = record(kind=words(ElementKind), code=TEXT, name=TEXT, name_en=TEXT, standard_ref=maybe(TEXT))
FLAT = record(
    id=ELEMENT_ID, name=TEXT, entrance=maybe(TEXT), floor=maybe(WHOLE), room=maybe(TEXT),
    persons=about(COUNT, "Those in sight; none for those who may not read persons."),
)  # fmt: skip
LOOK = record(
    no=ELEMENT_ID, at=INSTANT, account=maybe(TEXT), action=TEXT, purpose=maybe(TEXT), field=maybe(TEXT)
)
