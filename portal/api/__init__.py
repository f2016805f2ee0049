"""The API for an insurer's own espace client."""
