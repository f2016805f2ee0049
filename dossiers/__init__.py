"""From the readings of a dossier to what becomes of it.

Everything here is pure: no file, no database, no clock. What is known of the past is passed in.
"""

from dossiers.assemble import ClaimGuess, OpenClaim, find_claim, rank_claims
from dossiers.decide import decide
from dossiers.history import PastDossier, PastPaper, remember

__all__ = ["ClaimGuess", "OpenClaim", "PastDossier", "PastPaper", "decide", "find_claim", "rank_claims", "remember"]
