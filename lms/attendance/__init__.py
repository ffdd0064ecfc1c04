"""Meetings of a course: planned, signed in to by a code that changes or by list, and credited."""
