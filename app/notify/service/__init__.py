"""Tells open screens of what was moved."""

from app.notify.service.hub import Hub
from app.notify.service.streams import HAND_OVER, Screen, Stream

__all__ = ["HAND_OVER", "Hub", "Screen", "Stream"]
