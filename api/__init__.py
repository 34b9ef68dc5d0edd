"""What people reach begat through: the command line, the service, settings and access."""
