"""Making quizzes and looking after them: settings, slots, overrides, extra time."""
