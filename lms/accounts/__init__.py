"""Who you are: persons, accounts, sign-in, links by mail."""
