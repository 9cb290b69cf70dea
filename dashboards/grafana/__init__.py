"""Boards of Grafana as data, and the files made of them."""
