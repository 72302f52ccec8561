#include "core/password.hpp"

#include <fmt/format.h>
#include <fstream>

namespace fettle {

Result<std::string> read_password(const std::string& file) {
  std::ifstream stream{file};
  std::string password;
  std::getline(stream, password);
  while (password.ends_with('\r')) password.pop_back();
  if (!password.empty()) return password;
  return failure(Fault::offline, fmt::format("no password in the first line of \"{}\"; check the path and that the "
                                             "agent's user may read it",
                                             file));
}

}  // namespace fettle
