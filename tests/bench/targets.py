"""Figures against what was wanted of them."""
misses = []


def target(name, value, bound, at_least=True, decimals=2):
    good = value >= bound if at_least else value <= bound
    print('  %-62s %8.*f  wanted %s %g  %s' % (name, decimals, value, 'at least' if at_least else 'at most', bound, '' if good else 'MISSED'),
          flush=True)
    if not good:
        misses.append(name)


def finish():
    """The exit code."""
    print('\n' + ('MISSED: ' + ', '.join(misses) if misses else 'All targets are met.'))
    return 1 if misses else 0
