"""Who sees and decides: the site for members and gestionnaires."""
