"""The cube's counter: whoever counts comes here."""

from app.cube.service.answering import NOBODY, Answer, Question, ask
from app.cube.service.keeper import Cube, cube_of

__all__ = ["NOBODY", "Answer", "Cube", "Question", "ask", "cube_of"]
