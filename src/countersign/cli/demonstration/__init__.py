"""A scripted force for demonstrations and journeys: its people, its signed documents, its steps."""
