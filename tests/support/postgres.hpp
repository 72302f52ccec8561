#pragma once

#include "support/child.hpp"
#include "support/temp_dir.hpp"

#include <optional>
#include <string>

namespace fettle::test {

/// A real PostgreSQL that listens on a socket in a folder of its own, which is gone with the object.
class Postgres {
 public:
  Postgres();
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;
  ~Postgres();

  /// What PGHOST, PGUSER and PGDATABASE are set to.
  ChildOptions environment() const;
  /// The answer of psql without its last line's end: columns parted by "|". Throws what PostgreSQL objects to.
  std::string ask(const std::string& sql) const;
  /// Runs a file of statements.
  void run(const std::string& file) const;

 private:
  std::string psql(const std::string& option, const std::string& what) const;

  TempDir folder_;
  std::optional<Child> process_;
};

}  // namespace fettle::test
