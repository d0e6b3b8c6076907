"""The few widgets of our own: a bar, a line of keys, buttons in a row, paper, answer fields."""
