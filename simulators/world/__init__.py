"""The simulated world: working time, procedures, units and their desks.  No clock, no sending, no scenario."""
