"""Facts stated about a person: issue, draw, verify, revoke."""
