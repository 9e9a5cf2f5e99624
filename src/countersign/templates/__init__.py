"""What is kept of a face for comparison: templates, whose they are, and how they got here."""
