"""Who must be trained in what, by when, valid for how long."""
