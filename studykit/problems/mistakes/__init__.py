"""Wrong ways that many families share, by the step where they happen.

Each is computed from the same names as the right step; a family takes the groups that fit it.
"""
