"""How each type of question is written in the browser: one class for each type, all in one frame."""
