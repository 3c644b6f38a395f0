"""Tables of the registry: elements by their kind, persons behind a wall of their own, what ties them together."""

from app.registry.tables.elements import CityObject, Element, ElementType, Organisation, Place
from app.registry.tables.persons import Household, NeedType, Person, PersonNeed, SealKey
from app.registry.tables.ties import ElementArea, ElementChange, ElementKey, ElementMerge, Relation

__all__ = [
    "CityObject",
    "Element",
    "ElementArea",
    "ElementChange",
    "ElementKey",
    "ElementMerge",
    "ElementType",
    "Household",
    "NeedType",
    "Organisation",
    "Person",
    "PersonNeed",
    "Place",
    "Relation",
    "SealKey",
]
