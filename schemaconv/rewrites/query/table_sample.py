"""``t SAMPLE (10)``, ``t SAMPLE BLOCK (10) SEED (3)``: TABLESAMPLE, or rows that a number drawn for each lets through.

SQL Language Reference, "SELECT", sample_clause: each row, or with BLOCK each block of rows, is taken with a chance in
percent; SEED tries to give the same sample again.
"""

from __future__ import annotations

from ...ir.fragment import Known
from ...sql.context import Context
from ...sql.infer import DOUBLE
from ...sql.tree import Node, exp
from . import every

REMOVES = "sampled_table"
ADDS = ("unnamed_derived_table",)
NEEDS = (exp.TableSample,)


def rewrite(root: Node, ctx: Context) -> Node:
    for sample in every(root, exp.TableSample):
        table, share = sample.parent, sample.args.get("percent")
        if not isinstance(table, exp.Table) or not isinstance(share, exp.Literal) or share.is_string:
            raise ctx.refuse("SC4220", sample, what="SAMPLE")
        seed = sample.args.get("seed")
        block = str(sample.args.get("method") or "").upper() == "BLOCK"
        if ctx.has("tablesample"):
            sample.set("method", exp.Var(this="SYSTEM" if block else "BERNOULLI"))
            continue
        if seed is not None:
            ctx.consume_tree(seed)
            ctx.say("SC4370", sample)
        alias = table.args.get("alias")
        name = alias.this.copy() if alias is not None else table.this.copy()
        table.set("sample", None)
        table.set("alias", None)
        drawn = exp.Mul(this=ctx.op("chance", sample, Known(DOUBLE, True)), expression=exp.Literal.number(100))
        where = exp.Where(this=exp.LT(this=drawn, expression=share.copy()))
        query = exp.Select(expressions=[exp.Star()], from_=exp.From(this=table.copy()), where=where)
        table.replace(exp.Subquery(this=query, alias=exp.TableAlias(this=name)))
    return root
