"""Practice sets: chosen from a seed, written in many formats, and marked when filled in."""
