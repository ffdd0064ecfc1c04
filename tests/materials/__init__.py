"""Documents, confirmations and videos."""
