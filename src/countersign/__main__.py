"""`python -m countersign` and the `countersign` command."""

from countersign.cli.app import main

if __name__ == "__main__":
    main()
