"""From the JSON of a journal's lines to events: built where somebody reads, since hooks only write."""

from typing import Final

import msgspec

from begat.graph_schema.events import Footer, Header, Wire

decode: Final = msgspec.json.Decoder(Wire).decode
decode_lines: Final = msgspec.json.Decoder(Wire).decode_lines
decode_header: Final = msgspec.json.Decoder(Header).decode
decode_footer: Final = msgspec.json.Decoder(Footer).decode
