"""What a page costs, as a share of what the machine allows in the same minute."""
