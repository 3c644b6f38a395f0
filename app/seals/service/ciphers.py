"""Ciphers under which personal numbers are sealed. Which one a key is for is written beside it in the database."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher as Operation
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

NONCE, TAG = 12, 16
"""Bytes of the two in Galois/counter mode (NIST SP 800-38D)."""


class BrokenSealError(Exception):
    """A sealed value is not what was sealed, or not under this key, or not of this place."""


class Cipher(Protocol):
    """Seals a value so that neither it nor the place that it belongs to can be changed unnoticed."""

    name: str

    def seal(self, key: bytes, plain: bytes, place: bytes) -> bytes:
        """The value sealed under a key of 32 bytes; `place` is not in it, and needed to open it."""

    def open(self, key: bytes, sealed: bytes, place: bytes) -> bytes:
        """The value again.

        Raises
        ------
        BrokenSealError
        """


class AesGcm:
    """AES-256-GCM."""

    name = "aes-256-gcm"

    def seal(self, key: bytes, plain: bytes, place: bytes) -> bytes:
        """See `Cipher`."""
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(key).encrypt(nonce, plain, place)

    def open(self, key: bytes, sealed: bytes, place: bytes) -> bytes:
        """See `Cipher`."""
        try:
            return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], place)
        except (InvalidTag, ValueError) as error:
            raise BrokenSealError from error


class Sm4Gcm:
    """SM4-GCM (GB/T 32907), for those who are held to the state's commercial ciphers; its key has 16 bytes."""

    name = "sm4-gcm"

    def seal(self, key: bytes, plain: bytes, place: bytes) -> bytes:
        """See `Cipher`."""
        nonce = os.urandom(NONCE)
        work = Operation(SM4(key[:16]), GCM(nonce)).encryptor()
        work.authenticate_additional_data(place)
        return nonce + work.update(plain) + work.finalize() + work.tag

    def open(self, key: bytes, sealed: bytes, place: bytes) -> bytes:
        """See `Cipher`."""
        try:
            work = Operation(SM4(key[:16]), GCM(sealed[:NONCE], sealed[-TAG:])).decryptor()
            work.authenticate_additional_data(place)
            return work.update(sealed[NONCE:-TAG]) + work.finalize()
        except (InvalidTag, ValueError) as error:
            raise BrokenSealError from error


CIPHERS: Mapping[str, Cipher] = {cipher.name: cipher for cipher in (AesGcm(), Sm4Gcm())}
USUAL = AesGcm.name
