"""Indicators as data, versioned by the date from which they hold, and the few lines that compute them."""
