"""Answering a GraphQL request: the whole of this folder as one function, which knows nothing of HTTP."""

from typing import Any, Final, Literal, NamedTuple

import msgspec
from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode, execute_sync
from graphql.execution.values import get_variable_values

from begat.api.graphql import documents
from begat.api.graphql.asking import Asking, Context
from begat.api.graphql.compile import compiled
from begat.api.graphql.cost import check as check_cost
from begat.api.graphql.documents import DOCUMENTS, Document
from begat.api.graphql.errors import BY_SOCKET, FORBIDDEN, MOST, UNTRUSTED, VARIABLES, Refused, told
from begat.api.graphql.limits import Limits
from begat.api.graphql.refusals import REFUSALS
from begat.api.graphql.request import Request
from begat.api.graphql.schema import CORE
from begat.queries.clock import within

__all__ = ["Context", "Reply", "Request", "execute"]

#: Errors in variables that are told.
VARIABLE_ERRORS: Final = 10
#: Signs of a document that may take a millisecond to read, or many.
LONG: Final = 100


class Operation(NamedTuple):
    """What is to be done: one operation of a document, and its variables as graphql-core has them."""

    document: Document
    node: OperationDefinitionNode
    variables: Any

    @classmethod
    def of(cls, request: Request, context: Context) -> "Operation":
        """Read, and held against the limits. Raises Refused."""
        if context.trusted is not None and request.query not in context.trusted:
            raise Refused(UNTRUSTED, "only trusted documents are answered here, and this is none of them")
        documents.values(request.variables, context.limits)
        if len(request.query) <= LONG or DOCUMENTS.holds(request.query, context.limits):
            return cls.read(request, context.limits)
        with REFUSALS.of(request, context.limits):
            return cls.read(request, context.limits)

    @classmethod
    def read(cls, request: Request, limits: Limits) -> "Operation":
        """The same, but for who asks and for how many values variables hold. Raises Refused."""
        document = DOCUMENTS.get(request.query, limits)
        node = document.operation(request.operation_name)
        variables = get_variable_values(
            CORE, node.variable_definitions or (), dict(request.variables), max_errors=VARIABLE_ERRORS
        )
        if isinstance(variables, list):
            raise Refused(VARIABLES, errors=variables)
        check_cost(document, node, variables, limits)
        return cls(document, node, variables)

    @property
    def kind(self) -> str:
        """query, mutation or subscription."""
        return self.node.operation.value


class Reply(msgspec.Struct, frozen=True):
    """`body`: the response as JSON. `kind`: `request_error` where nothing was executed, so that there is no data.

    `empty`: there is no data. `retry`: and the same request may be answered a moment later. `code`: why nothing was
    executed.
    """

    body: bytes
    kind: Literal["ok", "request_error"] = "ok"
    empty: bool = False
    retry: bool = False
    code: str = ""


def execute(request: Request, context: Context) -> Reply:
    """Answer a request. What goes wrong is in the reply's `errors`, each with `extensions.code`; it never raises."""
    try:
        return _executed(request, context)
    except Refused as e:
        return Reply(encoded({"errors": e.told()}), "request_error", empty=True, code=e.code)


def _executed(request: Request, context: Context) -> Reply:
    operation = Operation.of(request, context)
    if operation.kind == "subscription":
        raise Refused(BY_SOCKET, "a subscription is answered over a WebSocket, by the protocol graphql-transport-ws")
    if operation.kind == "mutation":
        _may_change(context)
    quick = compiled(operation.document, operation.node, operation.variables) if operation.kind == "query" else None
    with within(context.time_limit):
        asking = Asking(context)
        data = None if quick is None else quick.data(asking, operation.variables)
        if data is not None:
            return Reply(encoded({"data": data}))
        response = by_strawberry(operation.document, request, asking)
    errors = response.get("errors", ())
    nothing = response["data"] is None or not any(v is not None for v in response["data"].values())
    retry = nothing and any("retryable" in e["extensions"] for e in errors)
    return Reply(encoded(response), empty=nothing, retry=retry)


def _may_change(context: Context) -> None:
    """Raises Refused where nothing may be changed."""
    if context.refused is not None:
        raise Refused(*context.refused)
    if context.recording is None:
        raise Refused(FORBIDDEN, "nothing can be changed here")


def by_strawberry(document: Document, request: Request, asking: Asking) -> dict[str, Any]:
    """The response as strawberry makes it, field by field."""
    result = execute_sync(
        CORE,
        document.node,
        context_value=asking,
        variable_values=dict(request.variables),
        operation_name=request.operation_name,
    )
    assert isinstance(result, ExecutionResult)
    return response(result.data, result.errors or [])


def response(data: dict[str, Any] | None, errors: list[GraphQLError]) -> dict[str, Any]:
    """The members of a response, errors first as the specification would have it."""
    shown = {"errors": [told(e) for e in errors[:MOST]]} if errors else {}
    return shown | {"data": data}


def encoded(body: dict[str, Any]) -> bytes:
    """As JSON."""
    return msgspec.json.encode(body)
