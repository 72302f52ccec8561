#include "csv/profile.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <filesystem>
#include <utility>

namespace fettle::csv {
namespace {

using acquisition::DeviceProfile;
using settings::Fields;
using settings::Mistakes;

constexpr std::array<std::pair<std::string_view, Decimal>, 3> decimals{
    {{"guess", Decimal::guess}, {"point", Decimal::point}, {"comma", Decimal::comma}}};

void read_time(Fields& fields, Layout& layout, Mistakes& mistakes) {
  const auto node = fields.required_child("time");
  if (!node) return;
  Fields time{node, mistakes};
  layout.time_column = time.text("column");
  const auto format = time.text("format", "iso");
  if (const auto parsed = StampFormat::parse(format)) {
    layout.format = *parsed;
  } else {
    mistakes.add(node["format"],
                 fmt::format("\"{}\" is no format of a time (iso, epoch, epoch_ms, or such as \"%d.%m.%Y "
                             "%H:%M\" with %Y %y %m %d %H %I %p %M %S %b %z)",
                             format));
  }
  if (auto zone = Zone::named(time.text("zone", "UTC"))) {
    layout.zone = std::move(*zone);
  } else {
    mistakes.add(node["zone"], zone.error().detail);
  }
  time.finish();
}

}  // namespace

Layout read_layout(const DeviceProfile& profile, Mistakes& mistakes) {
  auto fields = acquisition::profile_fields(profile, mistakes);
  Layout layout;
  read_time(fields, layout, mistakes);
  layout.decimal = fields.choice<Decimal>("decimal", decimals, Decimal::guess);
  fields.child("examples");
  fields.finish();
  for (const auto& point : profile.points) {
    auto own = acquisition::point_fields(point, mistakes);
    Layout::Column column;
    column.name = own.text("column");
    column.states = text::read_states(own);
    layout.columns.push_back(std::move(column));
    own.finish();
  }
  return layout;
}

std::vector<std::string> read_files(Fields& device, const std::string& folder) {
  auto files = device.texts("files");
  const auto one = device.text("file", "");
  if (!one.empty()) files.push_back(one);
  if (files.empty()) device.mistakes().add(device.node(), "\"file\" is missing (or files: [2024.csv, 2025.csv])");
  if (!one.empty() && files.size() > 1) device.mistakes().add(device.node()["file"], "stands beside files");
  const auto beside = std::filesystem::path{device.node().mark().file}.parent_path() / folder;
  for (auto& file : files) file = (beside / file).string();
  return files;
}

void check_columns(const DeviceProfile& profile, const Layout& layout, const Table& table, Mistakes& mistakes) {
  const auto check = [&table, &mistakes](const settings::Node& node, const std::string& name) {
    if (const auto found = find_columns(table, {name}); !name.empty() && !found)
      mistakes.add(node, found.error().detail);
  };
  check(profile.node["time"]["column"], layout.time_column);
  for (std::size_t place = 0; place < profile.points.size(); ++place)
    check(profile.points[place].node["column"], layout.columns[place].name);
}

void check_profile(const DeviceProfile& profile, Mistakes& mistakes) {
  const auto layout = read_layout(profile, mistakes);
  for (const auto& node : profile.node["examples"].items()) {
    Fields example{node, mistakes};
    const auto text = example.text("csv");
    const auto end = std::min(text.find('\n'), text.size());
    const auto table = Table::of_header(text.substr(0, end));
    check_columns(profile, layout, table, mistakes);
    std::vector<std::string> cells;
    split(text::trimmed(std::string_view{text}.substr(end)), table.delimiter(), cells);
    std::vector<std::optional<acquisition::Decoded>> decoded(layout.columns.size());
    for (std::size_t place = 0; place < decoded.size(); ++place) {
      const auto column = table.column(layout.columns[place].name);
      if (!column || *column >= cells.size()) continue;
      const auto number = number_in(cells[*column], table.delimiter(), layout.decimal, layout.columns[place].states);
      decoded[place] = number.reason == Reason::none ? decode(number.value, profile.points[place].scaling) : number;
    }
    text::compare_example(profile, example, decoded);
    example.finish();
  }
}

}  // namespace fettle::csv
