"""How fast it is: each row beside its comparison, in one run."""
