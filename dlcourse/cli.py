"""The `dlcourse` command: a thin shell over functions that can be imported."""

import json
from pathlib import Path
from typing import Any

import click

import dlcourse
from dlcourse.errors import CourseError


class _Sentences(click.Group):
    """Tells a user's mistake in one sentence; a bug keeps its traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except CourseError as error:
            raise click.ClickException(str(error)) from error


_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=_Sentences, context_settings=_HELP)
@click.version_option(dlcourse.__version__, prog_name="dlcourse")
def main() -> None:
    """Deep learning, from the inside: the course's own command.

    \b
    First steps:
      dlcourse lab         open JupyterLab at the map of the course
      dlcourse doctor      find out what this machine lacks, and what to do
      dlcourse data list   see what there is to learn from
    """


@main.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--browser/--no-browser", default=True, help="Open a browser window.  [default: yes]")
@click.option("--port", default=8888, show_default=True, help="The first port to try; taken ones are passed over.")
def lab(folder: Path | None, browser: bool, port: int) -> None:
    """Open JupyterLab at the map of the course.

    Works without a network. FOLDER is a checkout of dlcourse; without it, the one around the current folder, or the
    one that dlcourse was installed from.

    \b
    Example:
      dlcourse lab --no-browser --port 9000
    """
    from dlcourse import course, lab

    lab.start(course.root(folder), browser=browser, port=port)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(as_json: bool) -> None:
    """Examine this machine: what works, and what to do about what does not.

    Takes half a minute. The exit code is 1 when something must be mended before the course can run.

    \b
    Example:
      dlcourse doctor --json > findings.json
    """
    from dlcourse import doctor

    findings = []
    for finding in doctor.examine():
        findings.append(finding)
        if not as_json:
            click.echo(
                f"{click.style(f'{finding.state:5}', fg=_COLOURS[finding.state])} {finding.about}: {finding.says}"
            )
    if as_json:
        click.echo(json.dumps([finding._asdict() for finding in findings], indent=2))
    if any(finding.state == "mend" for finding in findings):
        raise click.exceptions.Exit(1)


_COLOURS = {"ok": "green", "note": "yellow", "mend": "red"}


@main.command()
@click.argument("notebooks", nargs=-1, metavar="[NOTEBOOK]...", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--out", default=Path("site"), show_default=True, type=click.Path(path_type=Path, file_okay=False))
def site(notebooks: tuple[Path, ...], out: Path) -> None:
    """Make pages of the course (or of NOTEBOOK...) that any browser shows, without a network and with live widgets.

    Each notebook is run first; pages that are up to date are kept, so an interrupted run goes on where it was.

    \b
    Example:
      dlcourse site course/03_convolutions/01_kernels.ipynb --out pages
    """
    from dlcourse import course
    from dlcourse.site import pages

    root = course.root(None)
    paths = list(notebooks) or [
        root / course.MAP,
        root / course.GALLERY,
        root / course.GLOSSARY,
        *(lesson.path for module in course.modules(root) for lesson in module.lessons),
    ]
    pages.build(root, out, paths, click.echo)
    click.echo(f"Open {out / paths[0].resolve().relative_to(root).with_suffix('.html')} in a browser.")


@main.command()
@click.argument("notebook", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def check(notebook: Path) -> None:
    """Run NOTEBOOK, your exercises, from top to bottom, and tell what holds task by task.

    The notebook is not changed. When it is graded, hidden tests try other inputs as well. The exit code is 0 when every
    task that has a test reaches all points.

    \b
    Example:
      dlcourse check exercises/01_introduction/exercise_1.ipynb
    """
    from dlcourse.grading import checking

    results = []
    for result in checking.check(notebook):
        results.append(result)
        mark = click.style(result.mark, fg=_MARKS[result.mark])
        points = "a person grades it:" if result.reached is None else f"{result.reached:g} of"
        click.echo(f"{mark} {result.task:45} {points:>20} {result.of:g}")
        if result.mark == "✗":
            for remark in result.remarks:
                click.echo("    " + remark.replace("\n", "\n    "))
            if result.lesson:
                click.echo(f"    Look at {result.lesson} again.")
    tested = [(result.reached, result.of) for result in results if result.reached is not None]
    reached, of = (sum(points) for points in zip(*tested, strict=True)) if tested else (0, 0)
    click.echo(f"{reached:g} of {of:g} points that tests decide")
    if reached < of:
        raise click.exceptions.Exit(1)


_MARKS = {"✓": "green", "✗": "red", "–": None, "?": "yellow"}


@main.command()
@click.option("--list", "only_list", is_flag=True, help="Say what is due, and ask nothing.")
def review(only_list: bool) -> None:
    """Ask the questions of the lessons again that you have answered wrong, or not yet.

    A question comes back a day after a wrong answer, and then, as long as you answer it rightly, after 3, 7, 16 and 35
    days more. Your answers stay on this computer. Stop with Ctrl+C whenever you like.

    \b
    Example:
      dlcourse review --list
    """
    from dlcourse import course
    from dlcourse.review import ask_all, due_now, next_date

    folder = course.root(None) / course.MAP.parent
    due = due_now(folder)
    if not due:
        day = next_date(folder)
        later = f"The next question comes back on {day:%A, %d %B %Y}." if day else "Answer some in the lessons first."
        click.echo(f"Nothing is due for review. {later}")
    elif only_list:
        for each in due:
            click.echo(
                f"{course.place_of(each.lesson)}: {each.question.id}{'' if each.answered else ', not answered yet'}"
            )
    else:
        click.echo(f"{len(due)} due for review.\n")
        ask_all(due, lambda each: course.place_of(each.lesson), input, click.echo)


@main.command()
@click.argument("sets", nargs=-1, metavar="[SET]...")
@click.option("--check", "only_check", is_flag=True, help="Change nothing; fail where exercises/ is not up to date.")
def release(sets: tuple[str, ...], only_check: bool) -> None:
    """Make exercises/ from solutions/ (all, or SET...), without answers and hidden tests.

    The sets are entered in nbgrader's gradebook.db, so that submissions can be graded.

    \b
    Example:
      dlcourse release 01_introduction
    """
    from dlcourse import course
    from dlcourse.grading import releasing

    if sets and only_check:
        raise click.UsageError("--check looks at all sets; leave the names out.")
    root = course.root(None)
    if not only_check:
        for folder in releasing.release(root, sets):
            click.echo(f"made {folder.relative_to(root)}")
    elif differences := releasing.differences(root):
        raise CourseError("\n".join(["exercises/ is not up to date; run `dlcourse release`:", *differences]))


@main.command()
@click.argument("model", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--to", "target", type=click.Path(path_type=Path), help="The file to write, or the folder of a SavedModel."
)
@click.option(
    "--examples",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What the model is tried on: an .npz with x and, for the accuracy, y; or an .npy.",
)
@click.option(
    "--format", "format_name", help="keras, savedmodel, onnx, litert, int8 or litert-int8.  [default: by the ending]"
)
@click.option("--classes", help="The classes' names: a file with one in each line, or the names with commas between.")
@click.option("--tolerance", type=float, help="How far answers may differ.  [default: 0.0001]")
@click.option(
    "--range", "limits", nargs=2, type=float, metavar="LOW HIGH", help="The least and the largest value that it takes."
)
@click.option("--colours", type=click.Choice(["grey", "RGB"]), help="What the model takes of a picture.")
@click.option(
    "--web", type=click.Path(path_type=Path, file_okay=False), help="Make this folder a page that runs the ONNX file."
)
def export(
    model: Path,
    target: Path | None,
    examples: Path,
    format_name: str | None,
    classes: str | None,
    tolerance: float | None,
    limits: tuple[float, float] | None,
    colours: str | None,
    web: Path | None,
) -> None:
    """Write MODEL, a .keras file, in a format that others run, and try whether it answers the same.

    The file stands under its name only when it does. A manifest beside it says what the model takes and answers, and
    how it was tried. A page needs npm, which fetches what runs the model in a browser.

    \b
    Example:
      dlcourse export digits.keras --to digits.onnx --examples test.npz --web page
    """
    from dlcourse import deploy
    from dlcourse.deploy import command

    if target is None and web is None:
        raise click.UsageError("Say where to: --to digits.onnx, or --web page (which writes MODEL.onnx, too), or both.")
    exported = deploy.export(
        command.load_model(model),
        target or model.with_suffix(".onnx"),
        format_name,
        **command.examples_in(examples),
        classes=command.class_names(classes),
        tolerance=tolerance,
        range=limits,
        colours=colours,
    )
    click.echo(str(exported))
    if web is not None:
        page = deploy.web_page(exported.path, web)
        click.echo(
            f"Run `python -m http.server --directory {page.parent}` and open http://localhost:8000 in a browser."
        )


@main.command()
@click.argument("model", type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; 0.0.0.0 is for every machine.")
@click.option("--port", default=8800, show_default=True, help="The port; 0 takes a free one.")
@click.option("--megabytes", type=float, default=8, show_default=True, help="The most of a request.")
@click.option("--examples", default=64, show_default=True, help="The most in a request.")
@click.option(
    "--seconds", type=float, default=10, show_default=True, help="The most that a request may take to arrive."
)
@click.option("--queue", default=128, show_default=True, help="The most requests that wait for the model.")
def serve(model: Path, host: str, port: int, megabytes: float, examples: int, seconds: float, queue: int) -> None:
    """Answer requests with MODEL, an ONNX file that `dlcourse export` has written.

    The page for people is at the address that is printed; /docs says how a program asks. What is asked too large, too
    slowly or wrongly gets a sentence. At the end (Ctrl+C, SIGTERM) everything that was accepted is answered first.

    \b
    Example:
      dlcourse serve digits.onnx --port 8801
    """
    from dlcourse.deploy.serving import Limits
    from dlcourse.deploy.serving.starting import serve

    limits = Limits(bytes=round(megabytes * 2**20), examples=examples, seconds=seconds, queue=queue)
    serve(model, host=host, port=port, limits=limits, say=click.echo)


@main.group()
def data() -> None:
    """The data sets: list them, fetch them, fill a mirror for a classroom."""


@data.command("list")
def data_list() -> None:
    """List the data sets and say which are at hand.

    \b
    Example:
      dlcourse data list
    """
    from dlcourse.data.catalogue import CATALOGUE
    from dlcourse.data.loading import is_at_hand

    for name, entry in CATALOGUE.items():
        small = "small" if entry.small else ""
        if entry.full is None:
            full = ""
        elif is_at_hand(name):
            full = "full, at hand"
        else:
            full = f"full, {entry.full.megabytes} MB to fetch"
        click.echo(f"{name:14} {small:6} {full:24} {entry.title}")


@data.command("get")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
def data_get(names: tuple[str, ...]) -> None:
    """Fetch the full data sets NAME..., verified, so that lessons find them without a network.

    \b
    Example:
      dlcourse data get fashion_mnist cifar10
    """
    from dlcourse.data import loading

    for name in names:
        paths = loading.fetch(name)
        place = ", ".join(map(str, paths)) if paths else "comes with the course, nothing to fetch"
        click.echo(f"{name}: {place}")


@data.command("mirror")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.argument("names", nargs=-1, metavar="[NAME]...")
def data_mirror(folder: Path, names: tuple[str, ...]) -> None:
    """Fill FOLDER with the full data sets (all, or NAME...) for a classroom without internet.

    Run it again after an interruption: what is there is verified and kept. On the learners' machines, set
    DLCOURSE_MIRROR to the folder.

    \b
    Example:
      dlcourse data mirror /media/stick/dlcourse mnist fashion_mnist
    """
    from dlcourse.data import loading
    from dlcourse.data.catalogue import CATALOGUE

    for name in names or [name for name, entry in CATALOGUE.items() if entry.full]:
        click.echo(f"{name}: {loading.fill_mirror(name, folder)}")
    click.echo(f"On the learners' machines: DLCOURSE_MIRROR={folder.resolve()}")
