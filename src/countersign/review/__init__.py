"""Facial review by people: assignment, locked analysis, opinions, agreement."""
