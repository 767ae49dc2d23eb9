"""What each command of the command line does, one module a command, and what they share."""


class CommandError(Exception):
    """The command cannot start. The message says why and what to do next."""
