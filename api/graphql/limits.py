"""How much a document may ask for: each limit by name, told with its value in the error of who goes beyond."""

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """All counts. `time` is the Context's.

    Of the text: `length` in signs, `tokens`, `aliases`, `directives`, `repeats` of one response name, `fragments` that
    are defined, and as many spread, `values` in arguments, `variables` the values in those. Of what is selected,
    fragments counted where they are spread: `depth` of fields in fields, `fields`, `root_fields`; values in variables
    stand no deeper in each other than `depth`. `cost` is how many rows there may be: the product of `first` down the
    tree, summed. `rows` of one field at most; `cached` documents are kept, of `cached_signs` in all: one takes some
    hundred times the memory of its text; and of as many requests why they were refused.
    """

    length: int = 100_000
    tokens: int = 2_000
    aliases: int = 50
    directives: int = 50
    repeats: int = 75
    fragments: int = 100
    values: int = 500
    variables: int = 10_000
    depth: int = 20
    fields: int = 2_000
    root_fields: int = 20
    cost: int = 100_000
    rows: int = 10_000
    cached: int = 500
    cached_signs: int = 200_000


#: The limits where nothing else is said.
STANDARD = Limits()
