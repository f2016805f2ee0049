"""Everything that understanding loads once in a process."""

from __future__ import annotations

from extractors.understanding.kinds import load_type_model
from extractors.understanding.lexicon import load_lexicon
from extractors.understanding.naming import load_name_model
from extractors.understanding.trained import load_choice_model


def load_models() -> None:
    """Load the word lists and the models, so that the first page need not wait for them.

    Raises:
        ConfigurationError: one is missing or damaged.
    """
    load_lexicon()
    load_type_model()
    if load_choice_model().uses_names:
        load_name_model()
