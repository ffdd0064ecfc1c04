"""Exchange with other systems: one folder for each standard."""
