"""Following a spool for as long as one likes: what is new is taken in, soon after it was written."""
