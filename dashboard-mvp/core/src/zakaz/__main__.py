"""``python -m zakaz``: the command where its script is not on the PATH."""

from zakaz.cli.app import main

if __name__ == "__main__":
    main()
