"""Where the models multiply money, and in which written form."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlglot
from model_slices import is_same, model_paths, tree_of
from sqlglot import exp

# The one shape (metrics 1), by units and price, and its half where dollars are already at hand.
BY_UNITS = (
    "cast(cast(cast(units as decimal(19, 3)) * price as decimal(28, 9)) * fraction"
    " as decimal(18, 2))"
)
BY_DOLLARS = "cast(cast(dollars as decimal(28, 9)) * fraction as decimal(18, 2))"

_TO_CENTS = exp.DataType.build("decimal(18, 2)")
_TO_FRACTION = exp.DataType.build("decimal(9, 6)")
_TO_BILLIONTHS = exp.DataType.build("decimal(28, 9)")
_HUNDREDTHS = {"CAST(0.01 AS DECIMAL(3, 2))", "CAST(0.0001 AS DECIMAL(5, 4))"}


@dataclass(frozen=True)
class Shape:
    """One product of money in a model: its operands, and the select it stands in."""

    model: str
    part: str
    product: exp.Cast
    operands: tuple[tuple[str, exp.Expression], ...]

    @property
    def form(self) -> str:
        """The product as written, each operand replaced by what it stands for."""
        written = self.product.copy()
        names = {operand.sql("duckdb"): name for name, operand in self.operands}
        return written.transform(
            lambda node: (
                exp.column(names[node.sql("duckdb")]) if node.sql("duckdb") in names else node
            )
        ).sql("duckdb")


def as_parsed(form: str) -> str:
    """A form in the spelling the parser gives back."""
    return sqlglot.parse_one(form, dialect="duckdb").sql("duckdb")


def shapes_in(tree: exp.Query, model: str = "") -> Iterator[Shape]:
    """Every product that is cast to cents over a product or amount of nine decimals."""
    for cents in tree.find_all(exp.Cast):
        product = cents.this.unnest()
        if cents.to == _TO_CENTS and isinstance(product, exp.Mul) and _is_wide(product.this):
            operands = (*_first_operands(product.this), ("fraction", product.expression))
            yield Shape(model, part_of(cents), cents, operands)


def shapes_of_all_models() -> list[Shape]:
    """Every shape of every model that makes a table."""
    paths = [path for path in model_paths() if not is_same(path)]
    return [shape for path in paths for shape in shapes_in(tree_of(path.stem), path.stem)]


def part_of(node: exp.Expression) -> str:
    """The CTE a node stands in; empty for the select at the end."""
    cte = node.find_ancestor(exp.CTE)
    return cte.alias if cte else ""


def bare_products(tree: exp.Query) -> list[exp.Mul]:
    """Products of money, prices or fractions outside the one shape and outside a percent's."""
    kept = {
        id(product)
        for shape in shapes_in(tree)
        for product in (shape.product.this.unnest(), shape.product.this.unnest().this.this.unnest())
    }
    return [
        product
        for product in tree.find_all(exp.Mul)
        if id(product) not in kept
        and _has_money(product)
        and not (_is_fraction(product) or _is_sign(product.this))
    ]


def _is_wide(node: exp.Expression) -> bool:
    return isinstance(node, exp.Cast) and node.to == _TO_BILLIONTHS


def _first_operands(wide: exp.Cast) -> tuple[tuple[str, exp.Expression], ...]:
    inner = wide.this.unnest()
    if not isinstance(inner, exp.Mul):
        return (("dollars", inner),)
    units = inner.this.this if isinstance(inner.this, exp.Cast) else inner.this
    return (("units", units), ("price", inner.expression))


def _is_fraction(product: exp.Mul) -> bool:
    """A percent as a fraction: x times 0.01 or 0.0001, cast to six decimals."""
    holder = product.parent
    return (
        isinstance(holder, exp.Cast)
        and holder.to == _TO_FRACTION
        and product.expression.sql("duckdb") in _HUNDREDTHS
    )


def _is_sign(factor: exp.Expression) -> bool:
    """A case that is one or minus one."""
    if not isinstance(factor, exp.Case):
        return False
    ends = [*(when.args["true"] for when in factor.args["ifs"]), factor.args.get("default")]
    return {end.sql() if end else "" for end in ends} <= {"1", "-1"}


def _has_money(product: exp.Mul) -> bool:
    return any(
        column.name.endswith(("_usd", "_fraction")) or column.name in ("rate", "near_price")
        for column in product.find_all(exp.Column)
    )
