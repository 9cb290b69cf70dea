"""Believable dossiers with a known truth, and the replay of recorded ones."""
