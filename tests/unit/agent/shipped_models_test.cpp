#include "installation.hpp"
#include "model_check.hpp"
#include "pipeline.hpp"
#include "support/every_machine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <set>

namespace fettle {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;

/// ISO 14224:2016, failure modes of rotating, mechanical and electrical equipment (tables B.6 to B.10), three letters each.
const std::set<std::string> failure_modes{"AIR", "BRD", "DOP", "ELP", "ELU", "ERO", "FOF", "FOV", "FTC",
                                          "FTD", "FTF", "FTI", "FTO", "FTR", "FTS", "HIO", "IHT", "INL",
                                          "LBP", "LCP", "LOB", "LOO", "NOI", "NOO", "OHE", "OTH", "PDE",
                                          "PLU", "POW", "SER", "SPO", "STD", "STP", "UNK", "UST", "VIB"};

struct ShippedMode {
  std::string name;  ///< "pump/bearing-wear"
  health::ModeModel mode;
  settings::Node node;
};

std::vector<health::EquipmentModel> shipped_models() {
  std::vector<health::EquipmentModel> models;
  for (const auto& file : test::shipped_model_files()) {
    const auto volume = read_model_file(file);
    for (const auto& mistake : volume.mistakes.all()) ADD_FAILURE() << to_text(mistake);
    models.push_back(volume.content);
  }
  return models;
}

std::vector<ShippedMode> shipped_modes() {
  std::vector<ShippedMode> result;
  for (const auto& model : shipped_models()) {
    const auto nodes = model.node["modes"].items();
    for (std::size_t i = 0; i < model.modes.size(); ++i) {
      result.push_back({model.name + "/" + model.modes[i].name, model.modes[i], nodes.at(i)});
    }
  }
  return result;
}

TEST(ShippedModels, follow_every_mode_of_a_machine_that_has_all_of_its_sensors) {
  const test::EveryMachine site;
  const auto installation = load_installation(site.site());
  for (const auto& mistake : installation.confined.all()) ADD_FAILURE() << to_text(mistake);
  EXPECT_EQ(installation.models.size(), test::shipped_model_files().size());
  std::set<std::string> expected, found;
  std::size_t indicators = 0;
  for (const auto& asset : installation.assets) {
    EXPECT_THAT(asset.inactive_modes, IsEmpty()) << asset.asset.key;
    if (!asset.model) continue;
    for (const auto& mode : installation.models.at(*asset.model).modes) {
      expected.insert(asset.asset.key + "/" + mode.name);
      indicators += mode.indicators.size();
    }
  }
  const auto parts = wire_up(installation);
  EXPECT_EQ(parts.indicators.size(), indicators);
  for (const auto& mode_case : parts.cases) {
    const auto& facts = mode_case->episode().facts();
    found.insert(facts.asset + "/" + facts.mode);
  }
  for (const auto& mode : expected) EXPECT_THAT(found, Contains(mode));
}

TEST(ShippedModels, name_a_sensor_for_every_mode_that_is_not_followed_without_it) {
  const test::EveryMachine site{[](const auto& role) { return role.required; }};
  const auto installation = load_installation(site.site());
  for (const auto& mistake : installation.confined.all()) ADD_FAILURE() << to_text(mistake);
  EXPECT_THAT(installation.models, Not(IsEmpty()));
  for (const auto& asset : installation.assets) {
    if (!asset.model) continue;
    const auto& model = installation.models.at(*asset.model);
    std::set<Role> wired;
    for (const auto& role : asset.roles) wired.insert(role.first);
    const auto sensors = missing_sensors(model, wired);
    EXPECT_EQ(sensors.empty(), asset.inactive_modes.empty()) << model.name;
    for (const auto* role : sensors) wired.insert(role->name);
    EXPECT_THAT(modes_without_sensors(model, wired), IsEmpty()) << model.name;
  }
}

TEST(ShippedModels, ask_for_no_sensor_more_than_a_mode_needs) {
  const auto models = shipped_models();
  const auto air_handler = std::ranges::find(models, "air_handler", &health::EquipmentModel::name);
  ASSERT_NE(air_handler, models.end());
  EXPECT_THAT(modes_without_sensors(*air_handler, {"fan_speed"}),
              Contains("unstable-control: needs cooling_command, or heating_command"))
      << "one of its rules looks at the damper besides";
}

TEST(ShippedModels, have_modes_with_a_known_code_words_for_technician_and_customer_and_a_warning_time) {
  for (const auto& [name, mode, node] : shipped_modes()) {
    SCOPED_TRACE(name);
    EXPECT_THAT(failure_modes, Contains(mode.iso14224));
    EXPECT_FALSE(mode.advice.skills.empty());
    EXPECT_FALSE(mode.advice.checks.empty());
    EXPECT_GT(mode.advice.minutes, 0);
    EXPECT_FALSE(mode.customer_note.empty());
    // Nothing to bring and nothing to fear are answers, but somebody has to give them.
    EXPECT_TRUE(node["advice"]["parts"]) << "say `parts: []` if there is nothing to bring";
    EXPECT_TRUE(node["advice"]["safety"]) << "say `safety: []` if there is nothing to fear";
    EXPECT_TRUE(node["advice"]["lead_time"]);
    EXPECT_TRUE(mode.warning_time);
  }
}

TEST(ShippedModels, say_why_limits_that_no_standard_gives_want_a_look) {
  for (const auto& [name, mode, node] : shipped_modes()) {
    for (const auto& indicator : mode.indicators) {
      const bool is_general = indicator.source.find("general knowledge") != std::string::npos;
      EXPECT_TRUE(!is_general || !mode.verify.empty()) << name << "/" << indicator.name;
    }
  }
}

TEST(ShippedModels, call_one_thing_by_one_name) {
  std::map<std::string, std::string> parts;
  std::map<Role, Quantity> roles;
  for (const auto& model : shipped_models()) {
    for (const auto& role : model.roles) {
      const auto known = roles.emplace(role.name, role.quantity).first;
      EXPECT_EQ(known->second, role.quantity) << model.name << "/" << role.name;
    }
    for (const auto& mode : model.modes) {
      for (const auto& part : mode.advice.parts) {
        const auto known = parts.emplace(part.sku, part.name).first;
        EXPECT_EQ(known->second, part.name) << model.name << "/" << mode.name << ": " << part.sku;
      }
    }
  }
  EXPECT_THAT(parts, Not(IsEmpty()));
}

}  // namespace
}  // namespace fettle
