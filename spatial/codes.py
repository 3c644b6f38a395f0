"""Codes of places, people and organisations: their structure and their check digits.

Notes
-----
GB/T 2260 (district, 6 digits), GB/T 10114 (subdistrict, 9), the statistical codes of communities (12), grid cells (15 =
community and three digits); GB 11643-1999 (citizen, 18) and GB 32100-2015 (organisation, 18).
"""

from __future__ import annotations

import re

CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_CHECKS = "10X98765432"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
DIVISION_LENGTHS = {"district": 6, "subdistrict": 9, "community": 12, "cell": 15}


def citizen_check(body: str) -> str:
    """The check character of a citizen's number from its first 17 digits.

    Notes
    -----
    ISO 7064 MOD 11-2 as GB 11643-1999 has it.
    """
    total = sum(weight * int(digit) for weight, digit in zip(CITIZEN_WEIGHTS, body, strict=True))
    return CITIZEN_CHECKS[total % 11]


def is_citizen_number(text: str) -> bool:
    """Whether a text is a whole citizen's number with the right check character."""
    return bool(re.fullmatch(r"\d{17}[\dX]", text)) and citizen_check(text[:17]) == text[17]


def credit_check(body: str) -> str:
    """The check character of a unified social credit code from its first 17 characters.

    Notes
    -----
    GB 32100-2015, weights 3^(i-1) mod 31; a remainder of 0 gives "0".
    """
    total = sum(CREDIT_ALPHABET.index(letter) * pow(3, i, 31) for i, letter in enumerate(body))
    return CREDIT_ALPHABET[-total % 31]


def is_credit_code(text: str) -> bool:
    """Whether a text is a whole unified social credit code with the right check character."""
    pattern = rf"[{CREDIT_ALPHABET}]{{18}}"
    return bool(re.fullmatch(pattern, text)) and credit_check(text[:17]) == text[17]


def is_division_code(text: str, level: str) -> bool:
    """Whether a text has the form of a code of a level: "district", "subdistrict", "community", "cell"."""
    return len(text) == DIVISION_LENGTHS[level] and text.isascii() and text.isdigit()


def is_rural(community_code: str) -> bool:
    """Whether a community is a villagers' committee (200-399) rather than a residents' committee (001-199)."""
    return 200 <= int(community_code[9:12]) <= 399


def cell_code(community_code: str, number: int) -> str:
    """The code of a community's nth grid cell, counted from 1.

    Raises
    ------
    ValueError
        There is no such number: a community holds 999 cells at most.
    """
    if not 1 <= number <= 999:
        raise ValueError(number)
    return f"{community_code}{number:03d}"
