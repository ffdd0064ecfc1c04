"""Behaviours: what a learner may do with a question while the attempt is open, and what it earns; one module each."""
