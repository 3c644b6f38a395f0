"""What the log keeps of a text: a hash that nobody can guess the text from without its salt."""

from __future__ import annotations

import hashlib

from app.cases.store.log import Remark


def digest(remark: Remark) -> str:
    """The salted SHA-256 of a text, as hexadecimal digits."""
    return hashlib.sha256(remark.salt + remark.body.encode()).hexdigest()
