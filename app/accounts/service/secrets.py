"""Secrets: passwords as argon2id hashes, tokens as SHA-256, what must be read back under the instance's key."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet

from app.settings import secret_key, settings

TOKEN_PREFIX = "plt_"
"""What an API token begins with, so that one that has leaked is recognised by scanners."""

HASHING = threading.BoundedSemaphore(1)
"""A process hashes one password at a time: a flood of attempts must not take memory and cores from everybody."""

hasher = PasswordHasher()
"""argon2id with the library's parameters (RFC 9106, low memory)."""


def new_token() -> str:
    """A random token of 256 bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What is kept of a random token. It has no need of a slow hash: nobody guesses 256 bits."""
    return hashlib.sha256(token.encode()).digest()


def hash_password(password: str) -> str:
    """An argon2id hash."""
    with HASHING:
        return hasher.hash(password)


@cache
def _nobodys_hash() -> str:
    return hasher.hash(secrets.token_urlsafe(16))


def verify_password(hashed: str | None, password: str) -> bool:
    """Whether a password fits its hash; without one the same time passes, and the answer is no."""
    with HASHING:
        try:
            hasher.verify(hashed or _nobodys_hash(), password)
        except (VerificationError, InvalidHashError):
            return False
    return hashed is not None


@cache
def _fernet() -> Fernet:
    key = hashlib.blake2b(secret_key(settings()), digest_size=32, person=b"panlong-fernet").digest()
    return Fernet(base64.urlsafe_b64encode(key))


def encrypt(plain: str) -> bytes:
    """A text under the instance's key."""
    return _fernet().encrypt(plain.encode())


def decrypt(hidden: bytes) -> str:
    """The text again.

    Raises
    ------
    cryptography.fernet.InvalidToken
        It was encrypted under another key.
    """
    return _fernet().decrypt(bytes(hidden)).decode()
