"""The commands, one file each: `arguments(parser)` and `run(arguments, settings) -> exit code`."""
