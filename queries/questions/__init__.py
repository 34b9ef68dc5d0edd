"""The questions, one a file: QUESTION in each."""
