"""What analysts ask of the events: more than usual, where, who to whom, who is new, read or not."""
