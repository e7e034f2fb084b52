"""`python -m dlcourse`: the command where its program is not on the PATH."""

from dlcourse.cli import main

main(prog_name="dlcourse")
