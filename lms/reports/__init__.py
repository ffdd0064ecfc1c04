"""Coverage ledger, targets, dashboards."""
