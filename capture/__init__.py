"""Hooks in user code that write journal files."""
