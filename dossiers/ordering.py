"""Which of two dossiers a person looks at first."""

from __future__ import annotations

import datetime as dt

#: Priority, due day, moment of the deposit, reference: the smallest comes first.
Rank = tuple[int, dt.date, dt.datetime, str]


def rank_in_queue(priority: int | None, due: dt.date | None, opened: dt.datetime, reference: str) -> Rank:
    """The place of a dossier in its queue; what is not known yet comes last.

    ``storage.queries.order_for_handlers`` says the same to the database.
    """
    last = 10**6
    return (last if priority is None else priority, due or dt.date.max, opened, reference)
