#include "field/process_cost.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace fettle::bench {
namespace {

/// The process, its children, and theirs.
std::vector<pid_t> family(pid_t process) {
  std::vector<pid_t> found{process};
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator{fmt::format("/proc/{}/task", process), gone}) {
    std::ifstream children{task.path() / "children"};
    for (pid_t child = 0; children >> child;) {
      const auto further = family(child);
      found.insert(found.end(), further.begin(), further.end());
    }
  }
  return found;
}

/// User and system time, its own and that of children that have ended (fields 14 to 17 of proc(5)).
double cpu_of(pid_t process) {
  std::ifstream file{fmt::format("/proc/{}/stat", process)};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  const auto name_ends = text.rfind(')');
  if (name_ends == std::string::npos) return 0;
  std::istringstream fields{text.substr(name_ends + 1)};
  std::string skipped;
  for (int number = 3; number < 14; ++number) fields >> skipped;
  double ticks = 0;
  for (int number = 14; number <= 17; ++number) {
    double each = 0;
    fields >> each;
    ticks += each;
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// Adds the fields of a file of lines "Name: value" in such units that `a_megabyte` of them are one.
void add_fields(const std::string& path, double a_megabyte, const std::map<std::string, double*>& fields) {
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);) {
    std::istringstream words{line};
    std::string name;
    double value = 0;
    words >> name >> value;
    if (const auto field = fields.find(name); field != fields.end()) *field->second += value / a_megabyte;
  }
}

}  // namespace

ProcessCost cost_of(pid_t process) {
  ProcessCost cost;
  for (const auto each : family(process)) {
    cost.cpu += cpu_of(each);
    add_fields(fmt::format("/proc/{}/smaps_rollup", each), 1024,
               {{"Rss:", &cost.rss}, {"Pss:", &cost.pss}, {"Anonymous:", &cost.anonymous}});
    add_fields(fmt::format("/proc/{}/io", each), 1024 * 1024, {{"write_bytes:", &cost.written}});
    std::error_code gone;
    using Tasks = std::filesystem::directory_iterator;
    cost.threads += static_cast<int>(std::distance(Tasks{fmt::format("/proc/{}/task", each), gone}, Tasks{}));
  }
  return cost;
}

}  // namespace fettle::bench
