"""The three loops: INTAKE, DOSSIERS, INDEX.  They know the core and are handed stream, state and where to send."""
