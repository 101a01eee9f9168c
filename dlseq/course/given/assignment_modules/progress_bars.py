"""Substitutes for packages that decorate output: progress bars without a bar, colored text without color."""

__all__ = ["colored", "cprint", "tqdm", "trange"]


def tqdm(iterable=(), *arguments, **keywords):
    """Return the iterable.

    Example:
        >>> list(tqdm([1, 2], desc="names"))
        [1, 2]
    """
    return iterable


def trange(*arguments, **keywords):
    """Return a range.

    Example:
        >>> list(trange(2, desc="steps"))
        [0, 1]
    """
    return range(*arguments)


def colored(text, *arguments, **keywords):
    """Return the text.

    Example:
        >>> colored("passed", "green")
        'passed'
    """
    return text


def cprint(text, *arguments, **keywords):
    """Print the text.

    Example:
        >>> cprint("passed", "green")
        passed
    """
    print(text)
