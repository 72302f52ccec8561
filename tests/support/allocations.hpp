#pragma once

namespace fettle::test {

/// How often anything was allocated so far, in the whole program. Only programs that ask have their operator new replaced.
long allocations();

}  // namespace fettle::test
