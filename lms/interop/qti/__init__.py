"""QTI 2.1, 2.2 and 3: items and packages, with the evaluation of their rules for scoring."""
