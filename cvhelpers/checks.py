"""The check cells of the exercises: they say in words whether an answer is right, and if not, where to look.

>>> width = 40
>>> right = check(
...     (lambda: width > 0, "A width is more than 0."),
...     (lambda: width == 283, "Look at the third number of the box."),
...     praise="It is the third number.",
... )
Not yet. Look at the third number of the box.
>>> right
False
"""

from __future__ import annotations

from collections.abc import Callable

Step = tuple[Callable[[], object], str]


def check(*steps: Step, praise: str = "") -> bool:
    """Go through the steps, each a question about the learner's answer and what to say if it is answered with no.

    Prints one sentence or two, and returns whether all is right. Whatever the learner's code raises is told in words:

    >>> check((lambda: [][0], "The list may be empty."))
    Not yet. Your code stopped with IndexError: list index out of range. The list may be empty.
    False
    """
    for is_right, hint in steps:
        try:
            done = bool(is_right())
        except Exception as error:
            print(f"Not yet. Your code stopped with {type(error).__name__}: {_first_sentence(error)}. {hint}")
            return False
        if not done:
            print(f"Not yet. {hint}")
            return False
    print(f"Right. {praise}".rstrip())
    return True


def _first_sentence(error: Exception) -> str:
    lines = str(error).splitlines() or ["no more was said"]
    return lines[0].split(". ")[0].rstrip(".:")


def answering(*answers: object, at_most: int = 10) -> Callable[[], object]:
    """A function that stands in for a service: it gives these answers in turn, the last one again and again.

    After ``at_most`` questions it raises an error, so that a loop without an end is noticed.

    >>> ask = answering("Running", "Succeeded", at_most=3)
    >>> ask(), ask(), ask()
    ('Running', 'Succeeded', 'Succeeded')
    >>> ask()
    Traceback (most recent call last):
    RuntimeError: the service was asked more than 3 times
    """
    asked = 0

    def ask() -> object:
        nonlocal asked
        asked += 1
        if asked > at_most:
            raise RuntimeError(f"the service was asked more than {at_most} times")
        return answers[min(asked, len(answers)) - 1]

    return ask
