"""Documents for people: HTML and PDF."""
