"""A snapshot of the flow edges beside the store's file, for closures in memory; see docs/decisions/accelerator.md."""
