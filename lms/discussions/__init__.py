"""Discussions of staff beside a course: exchange of experience, moderated; never between adults and pupils."""
