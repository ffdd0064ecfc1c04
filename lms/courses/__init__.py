"""The content: course, version, section, activity, and the built-in catalogue."""
