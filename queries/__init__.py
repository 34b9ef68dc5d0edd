"""The questions, each written once as data and rendered for every store."""
