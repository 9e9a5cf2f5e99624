"""`countersign search`: the one authorised search, and what to do after a crash."""

from typing import cast

import typer

from countersign.cli.door import JsonOption, KeyOption, act, emit, plain
from countersign.cli.request import RequestArgument
from countersign.governance.permission import Permission
from countersign.primitives.ids import RequestId

app = typer.Typer(name="search", help="The one authorised search.", no_args_is_help=True)
HIDDEN = ("started_seq", "sealed_seq")


@app.command()
def run(request: RequestArgument, key: KeyOption, as_json: JsonOption = False) -> None:
    """Run the search of an authorised request; interrupted, run it again: it goes on under the same authorisation."""
    from countersign.operations.run_search import RunSearch, run_search

    done = act(key, Permission.SEARCH_RUN, run_search, RunSearch(request=RequestId(request)))
    emit(done, as_json=as_json, title=f"Search {done.state}: open a review to go on", hide=HIDDEN)


@app.command()
def recover(key: KeyOption, as_json: JsonOption = False) -> None:
    """Finish every search of yours that a crash left running; an administrator gives up those of everybody."""
    from countersign.operations.recover_searches import RecoverSearches, recover_searches

    done = act(key, Permission.SEARCH_RECOVER, recover_searches, RecoverSearches())
    shown = [cast("dict[str, object]", plain(run)) for run in done]
    searches = [{name: item for name, item in run.items() if name not in HIDDEN} for run in shown]
    emit({"searches": searches}, as_json=as_json, title=f"{len(searches)} searches ended")
