"""From journals and documents to the store: read, decode, resolve, write."""
