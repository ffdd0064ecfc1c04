"""Cloze text: one question as the text of Moodle's embedded answers."""
