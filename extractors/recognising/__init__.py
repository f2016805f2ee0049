"""Words of a page: from its text layer where it can be believed, else by OCR."""
