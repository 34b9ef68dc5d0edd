"""What begat tells Prometheus, and whoever reads its format."""
