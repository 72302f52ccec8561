#pragma once

#include <sys/types.h>

namespace fettle::bench {

/// What a program and all that it has started have cost so far, and hold now.
struct ProcessCost {
  double cpu = 0;                          ///< seconds, in user and system mode
  double rss = 0, pss = 0, anonymous = 0;  ///< MB (of 2^20 bytes); anonymous: what no file stands behind
  double written = 0;                      ///< MB (of 2^20 bytes) to disk
  int threads = 0;
};

/// From /proc. Zeroes for a process that is gone.
ProcessCost cost_of(pid_t process);

}  // namespace fettle::bench
