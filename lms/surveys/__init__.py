"""Anonymous surveys of a course: who took part is known, what they answered is not."""
