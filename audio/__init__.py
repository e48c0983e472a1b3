"""What is in the sound of a call: who speaks when, what is said, and how."""
