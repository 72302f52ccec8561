#include "support/this_program.hpp"

#include <filesystem>
#include <sstream>

namespace fettle::test {

std::vector<std::string> this_program_for(const std::string& disabled_test) {
  std::vector<std::string> command;
  std::istringstream emulator{FETTLE_EMULATOR};
  for (std::string word; std::getline(emulator, word, '|');) command.push_back(word);
  command.push_back(std::filesystem::read_symlink("/proc/self/exe").string());
  command.emplace_back("--gtest_also_run_disabled_tests");
  command.push_back("--gtest_filter=" + disabled_test);
  return command;
}

}  // namespace fettle::test
