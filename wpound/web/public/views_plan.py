"""The council plan, and the measures that serve it."""

from flask import render_template

from wpound.catalogue.examples import inputs_in_words
from wpound.catalogue.model import Head, Strand
from wpound.core.errors import NotFound
from wpound.web.access import Policy, requires
from wpound.web.caching import unchanging
from wpound.web.extensions import site
from wpound.web.pagination import get_choice


@requires(Policy.PUBLIC)
@unchanging
def plan() -> str:
    """Every priority and principle of the plan, each with the measures that serve it."""
    return render_template("public/plan.html", catalogue=site().catalogue, plan=site().catalogue.plan)


@requires(Policy.PUBLIC)
@unchanging
def measures() -> str:
    """The measures, all or those of one strand or head."""
    strand, head = get_choice("strand", Strand), get_choice("head", Head)
    public = site().catalogue.public_measures()
    return render_template(
        "public/measures.html",
        measures=site().catalogue.public_measures(strand=strand, head=head),
        strands=sorted({m.strand for m in public}, key=list(Strand).index),
        heads=sorted({m.head for m in public}, key=list(Head).index),
        strand=strand,
        head=head,
    )


@requires(Policy.PUBLIC)
@unchanging
def measure(code: str) -> str:
    """One measure: how it is counted and proved, its values and where they come from."""
    found = site().catalogue.get_measure(code)
    if found.licensed:
        raise NotFound("This measure is licensed to one authority and is not shown to the public.")
    sources = list(dict.fromkeys(value.reference for value in found.values))
    return render_template(
        "public/measure.html",
        measure=found,
        sources=sources,
        plan=site().catalogue.plan,
        inputs_in_words=inputs_in_words,
    )
