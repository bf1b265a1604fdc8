"""``python -m zakaz``: the command where its script is not on the PATH."""

from zakaz.cli.app import main

main()
