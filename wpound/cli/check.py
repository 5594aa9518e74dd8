"""``wpound check``: do stored totals agree with the payments, and is the audit chain whole?"""

import click

from wpound.cli.database import ACTOR, open_database
from wpound.cli.output import print_json
from wpound.config import Settings

SOUND = {
    "rollups": "Stored totals agree with the payments, to the penny.",
    "audit_chain": "The audit chain is whole.",
}


@click.command("check")
@click.option("--rebuild", is_flag=True, help="First make the stored totals anew from the payments.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def command(ctx: click.Context, rebuild: bool, as_json: bool) -> None:
    """Prove that stored totals agree with the payments and that the audit chain is whole.

    Exits with 0 when all is sound and with 1 when something is not, with every difference.
    """
    from wpound.services.check_database import check_database, rebuild_rollups
    from wpound.store.engine import reading, writing

    engine = open_database(Settings.from_environment())
    if rebuild:
        with writing(engine) as session:
            rebuild_rollups(session, actor=ACTOR)
    with reading(engine) as session:
        faults = check_database(session)
    if as_json:
        print_json({"sound": not any(faults.values()), **faults})
    else:
        for part, found in faults.items():
            click.echo("\n".join(found) or SOUND[part])
    ctx.exit(1 if any(faults.values()) else 0)
