"""Finds faces, turns them upright, measures and draws them; says nothing about whose they are."""
