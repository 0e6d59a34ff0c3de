"""Measures edits of single features beside the same transaction in SQL, with the same triggers: history,
seal, notice. Started by run.sh with a scratch folder, on a seeded register.
"""

import re

from bench import CLIENTS, HERE, ROWS, SCRATCH, SECONDS, machine, output, pgbench
from bench import row, section, service, sql, take_turns, token

EDITED = 5000

# What an edit cannot do without: its revision, the row, what is known of its layers.
TRANSACTION = f"""
\\set i 1 + random(0, {EDITED - 1}) * 7919 % {ROWS}
\\set height random(0, 100000) / 1000.0
begin;
insert into revision (made_at, author, means, layer) values (now(), 'bench', 'sign_in', 'facilities') returning id as revision \\gset
update facility set height_m = :height, revision = :revision, updated_at = now(),
    field_revisions = field_revisions || jsonb_build_object('height_m', :revision::bigint) where id = :i;
update layer_state set revision = :revision, changed_at = now() where layer in ('facilities', 'facility_outlines');
commit;
"""


def edits(base, paths, bearer):
    """Edits a second over HTTP, each of another state than the one before."""
    file = SCRATCH / "edited.txt"
    file.write_text("\n".join(paths) + "\n")
    load = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{SECONDS}s", "--timeout", "60s"]
    printed = output(*load, "-s", HERE / "edits.lua", base, "--", file, bearer)
    if "Non-2xx" in printed or "Socket errors" in printed:
        raise SystemExit(f"the service refused edits:\n{printed}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", printed)[1])


def main():
    machine()
    bearer = token("cadastre", "editor")
    paths = [f"/collections/facilities/items/{1 + i * 7919 % ROWS}" for i in range(EDITED)]
    with service() as running:
        # The first writing of a page after a checkpoint logs all of it, whoever comes first.
        edits(running.base, paths, bearer), pgbench(TRANSACTION)
        before = int(sql("select count(*) from revision"))
        rates = take_turns(
            ours=lambda: edits(running.base, paths, bearer),
            sql=lambda: pgbench(TRANSACTION),
        )
        made = int(sql("select count(*) from revision")) - before
    ours, floor = rates.values()
    section("Edits of single features", "cadastre", "in SQL", "ours/SQL")
    row(f"{made} edits", f"{ours:.0f}/s", f"{floor:.0f}/s", f"{ours / floor:.2f}")


if __name__ == "__main__":
    main()
