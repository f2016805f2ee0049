"""A small client of the API, as an insurer's espace client would write one."""
