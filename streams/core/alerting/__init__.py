"""Alerts: conditions over what INDEX knows at a closed hour, and how long each has stood, in the time of the log."""
