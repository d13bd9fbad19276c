"""What is started as `python -m client`, or as the frozen program."""

import sys

from client import program

if __name__ == "__main__":
    sys.exit(program.main(sys.argv[1:]))
