// What the agent is worth on simulated machines: lives with each fault, and healthy years, straight through the pipeline.
#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>
#include <thread>

#include "plants/score_table.hpp"

namespace {

using namespace fettle;
using namespace fettle::plants;

constexpr int lives = 8, years = 25;

/// A line of the table and the lives that it is made of.
struct Row {
  std::string name;  ///< "fan/belt-slip", "fan/healthy"
  const Plant* plant = nullptr;
  const Injection* injection = nullptr;  ///< null: healthy
  std::vector<Story> stories;

  std::string line() const {
    return injection != nullptr ? fault_line(*plant, *injection, stories) : healthy_line(*plant, stories);
  }
};

/// All rows, or those that are named: a plant, or one of its faults.
std::vector<Row> rows_of(const std::vector<std::string>& names) {
  std::vector<Row> rows;
  const auto add = [&rows, &names](const Plant& plant, const Injection* injection) {
    const auto name = plant.name + "/" + (injection != nullptr ? injection->mode : "healthy");
    const auto is_meant = [&](const std::string& each) { return each == plant.name || each == name; };
    if (!names.empty() && std::none_of(names.begin(), names.end(), is_meant)) return;
    rows.push_back({name, &plant, injection, std::vector<Story>(injection != nullptr ? lives : years)});
  };
  for (const auto& plant : all_plants()) {
    for (const auto& injection : plant.injections) add(plant, &injection);
    add(plant, nullptr);
  }
  return rows;
}

/// Lives do not know of each other, so each core takes the next one; where a story goes to is fixed before.
void run(std::vector<std::function<void()>>& jobs) {
  std::atomic<std::size_t> next{0};
  const auto work = [&jobs, &next] {
    for (auto job = next++; job < jobs.size(); job = next++) jobs[job]();
  };
  std::vector<std::jthread> crew(std::max(1U, std::thread::hardware_concurrency()));
  for (auto& worker : crew) worker = std::jthread{work};
}

void live(std::vector<Row>& rows) {
  std::map<std::string, Installation> installations;
  for (const auto& row : rows) {
    if (!installations.contains(row.plant->name)) installations.emplace(row.plant->name, install(*row.plant));
  }
  std::vector<std::function<void()>> jobs;
  for (auto& row : rows) {
    const auto& installation = installations.at(row.plant->name);
    for (std::size_t seed = 0; seed < row.stories.size(); ++seed) {
      jobs.emplace_back([&row, &installation, seed] {
        row.stories[seed] = row.injection != nullptr
                                ? run_to_failure(*row.plant, installation, *row.injection, seed + 1)
                                : run_healthy(*row.plant, installation, seed + 1);
      });
    }
  }
  run(jobs);
}

std::vector<std::string> closing(const std::vector<Row>& rows) {
  std::vector<Story> faulty;
  std::vector<Story> healthy;
  for (const auto& row : rows) {
    auto& all = row.injection != nullptr ? faulty : healthy;
    all.insert(all.end(), row.stories.begin(), row.stories.end());
  }
  return closing_lines(faulty, healthy);
}

std::vector<std::string> lines_of(const std::string& file) {
  std::ifstream in{file};
  if (!in) throw std::runtime_error{fmt::format("{}: cannot be read", file)};
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// Prints the lines that are not among the others, and says whether there were any.
bool prints_missing(const std::vector<std::string>& lines, const std::vector<std::string>& others, char mark) {
  bool any = false;
  for (const auto& line : lines) {
    if (std::find(others.begin(), others.end(), line) != others.end()) continue;
    fmt::print("{} {}\n", mark, line);
    any = true;
  }
  return any;
}

bool is_as_committed(const std::vector<std::string>& lines, const std::string& file, bool all) {
  const auto committed = lines_of(file);
  bool changed = all && prints_missing(committed, lines, '-');
  changed = prints_missing(lines, committed, '+') || changed;
  if (changed) fmt::print("See what it costs, and if that is meant, commit it: plant_scores --update {}\n", file);
  return !changed;
}

int score(const std::string& check, const std::string& update, const std::vector<std::string>& names) {
  auto rows = rows_of(names);
  if (rows.empty()) throw std::runtime_error{"there is no such plant or fault"};
  live(rows);
  auto lines = heading(lives, years);
  for (const auto& row : rows) lines.push_back(row.line());
  if (names.empty()) {
    for (auto& line : closing(rows)) lines.push_back(std::move(line));
  }
  if (!check.empty()) return is_as_committed(lines, check, names.empty()) ? EXIT_SUCCESS : EXIT_FAILURE;
  const auto text = fmt::format("{}\n", fmt::join(lines, "\n"));
  if (update.empty()) {
    fmt::print("{}", text);
  } else if (!(std::ofstream{update} << text)) {
    throw std::runtime_error{fmt::format("{}: cannot be written", update)};
  }
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Puts simulated machines before the agent and prints what it tells of them."};
  std::string check;
  std::string update;
  std::vector<std::string> names;
  auto* const compared = app.add_option("--check", check, "Compares with the table in that file");
  auto* const written = app.add_option("--update", update, "Writes the whole table to that file")->excludes(compared);
  app.add_option("names", names, "Only these: fan, fan/belt-slip, fan/healthy")->excludes(written);
  CLI11_PARSE(app, argc, argv);
  try {
    return score(check, update, names);
  } catch (const std::exception& error) {
    fmt::print(stderr, "plant_scores: {}\n", error.what());
    return EXIT_FAILURE;
  }
}
