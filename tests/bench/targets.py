"""Figures against what was wanted of them."""
misses = []


def target(name, value, bound, at_least=True, decimals=2):
    """A value that could not be measured is None."""
    good = value is not None and (value >= bound if at_least else value <= bound)
    shown = '    none' if value is None else '%8.*f' % (decimals, value)
    print('  %-66s %s  wanted %s %g  %s' % (name, shown, 'at least' if at_least else 'at most', bound, '' if good else 'MISSED'), flush=True)
    if not good:
        misses.append(name)


def finish():
    """The exit code."""
    print('\n' + ('MISSED: ' + ', '.join(misses) if misses else 'All targets are met.'))
    return 1 if misses else 0
