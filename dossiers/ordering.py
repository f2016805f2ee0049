"""Which of two dossiers a person looks at first."""

from __future__ import annotations

import datetime as dt

#: Not late, priority, due day, moment of the deposit, reference: the smallest comes first.
Rank = tuple[bool, int, dt.date, dt.datetime, str]


def rank_in_queue(
    priority: int | None, due: dt.date | None, opened: dt.datetime, reference: str, today: dt.date
) -> Rank:
    """The place of a dossier in its queue; what is late comes first, what is not known yet last.

    ``storage.queries.order_for_handlers`` says the same to the database.
    """
    last = 10**6
    return (due is None or due >= today, last if priority is None else priority, due or dt.date.max, opened, reference)
