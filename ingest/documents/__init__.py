"""Readers of PROV documents."""
