"""A measured value beside what it may be."""

from typing import Any


def at_most(value: float, limit: float, unit: str, **more: Any) -> dict[str, Any]:
    """A cost: good when it is no more than the limit."""
    return {"value": round(value, 4), "unit": unit, "budget": f"<= {limit:g}", "ok": value <= limit, **more}


def at_least(value: float, limit: float, unit: str, **more: Any) -> dict[str, Any]:
    """A rate: good when it is no less than the limit."""
    return {"value": round(value), "unit": unit, "budget": f">= {limit:g}", "ok": value >= limit, **more}


def plain(value: float, unit: str, **more: Any) -> dict[str, Any]:
    """A value without a budget, to see the others by."""
    return {"value": round(value, 4), "unit": unit, **more}
