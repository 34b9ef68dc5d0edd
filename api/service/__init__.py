"""begat over HTTP: REST, GraphQL, journals in, health and counts out."""
