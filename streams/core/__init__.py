"""The pure core: what is right, without a clock, randomness, environment or network.

Times come in as arguments.  Two units are used everywhere and named so:

* *seconds*: milestones and due dates, whole seconds since 1970-01-01T00:00:00Z (truncated);
* *micros*: clocks and the moments at which something was recorded, microseconds since then.
"""
