"""Answers drawn: lineage as a tree, as dot and as SVG, and measures as curves."""
