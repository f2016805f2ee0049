"""Each page upright, flat, evenly lit and of the size that the OCR reads best.

``normalise_page`` does as little as the page needs: a clean flat scan comes back as it was received.
"""

from extractors.normalising.chain import NormalisedSheet, normalise_page, normalise_untouched, turn_sheet

__all__ = ["NormalisedSheet", "normalise_page", "normalise_untouched", "turn_sheet"]
