"""Mock interviews and rapid rounds: what is asked next, what it is worth, and what came of it."""
