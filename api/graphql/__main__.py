"""`python -m begat.api.graphql` prints the schema as api/schema.graphql holds it."""

from graphql import print_schema

from begat.api.graphql.schema import CORE

if __name__ == "__main__":
    print(print_schema(CORE))
