"""What a search led to: the lead, who was told, what became of it."""
