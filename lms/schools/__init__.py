"""The dated tree of units, posts of staff, classes of pupils, roles at units, rosters."""
