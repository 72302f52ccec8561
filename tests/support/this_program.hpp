#pragma once

#include <string>
#include <vector>

namespace fettle::test {

/// How the program that runs is started once more, for one of its disabled tests: a child that can be killed. By what emulates it, if it was
/// built for another machine.
std::vector<std::string> this_program_for(const std::string& disabled_test);

}  // namespace fettle::test
