#pragma once

namespace fettle::test {

/// A TCP port on 127.0.0.1 that nobody listens on. The system gives another one each time, so two callers do not meet.
unsigned short free_port();

}  // namespace fettle::test
