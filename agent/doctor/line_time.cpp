#include "doctor/check.hpp"
#include "line_budget.hpp"

#include <fmt/format.h>

namespace fettle::doctor {
namespace {

constexpr double busy = 0.8, full = 1.0;

Diagnosis judge(const LineBudget& budget, const settings::BusSettings& bus) {
  const auto baud = bus.node["baud"].scalar();
  const auto text = fmt::format("{:.0f} % of the line's time{} for {} devices; {} takes {:.0f} %", 100 * budget.share,
                                baud.empty() ? "" : fmt::format(" at {} baud", baud), budget.devices, budget.greediest,
                                100 * budget.greediest_share);
  const auto remedy = fmt::format("a higher baud rate, a longer `every` (first for {}), fewer points, or a second line",
                                  budget.greediest);
  const auto about = "line " + budget.bus;
  if (budget.share > full) return {Grade::problem, about, text + "; polls are skipped", remedy};
  if (budget.share > busy) return {Grade::warning, about, text + "; little is left for repetitions", remedy};
  return {Grade::ok, about, text};
}

std::vector<Diagnosis> check_line_time(const Patient& patient) {
  std::vector<Diagnosis> found;
  if (!patient.installation) return found;
  for (const auto& bus : patient.installation->site.buses) {
    if (const auto budget = line_budget(*patient.installation, bus)) found.push_back(judge(*budget, bus));
  }
  return found;
}

const Registration<DoctorCheck> entry{"line_time", "Whether serial lines are quick enough for what is wanted",
                                      check_line_time};

}  // namespace
}  // namespace fettle::doctor
