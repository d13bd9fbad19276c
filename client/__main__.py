"""What is started as `python -m client`, or as the frozen program.

That may be a process that only hashes, which does without all that the program has to load.
"""

import sys

from client.jobs import worker

if __name__ == "__main__":
    if sys.argv[1:2] == [worker.COMMAND]:
        sys.exit(worker.be_workers())

    from client import program

    sys.exit(program.main(sys.argv[1:]))
