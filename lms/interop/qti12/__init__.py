"""QTI 1.2: files and packages as Canvas, Respondus, Blackboard and others write them."""
