"""What several SELECTs find, finished in Python to the rows of a question. See table.py."""
