"""READ: files, web pages and feeds become articles."""
