"""`python -m levelwise`: the command line where no script is on the path."""

from levelwise.cli import main

if __name__ == "__main__":
    main()
