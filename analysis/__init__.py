"""What the words and the tone of a call mean for the customer."""
