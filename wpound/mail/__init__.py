"""What leaves as mail: the words from a template, and the ways a message goes out."""
