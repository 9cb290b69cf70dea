"""Follow dossiers of one-stop administrative centres as they happen and measure how well they are served."""

__version__ = "0.1.0"
