"""`python -m embauche`: the command line under another name.

Not here: any command (cli).
"""

from embauche.cli import main

if __name__ == "__main__":
    main()
