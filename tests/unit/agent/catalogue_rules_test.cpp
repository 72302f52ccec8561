#include "advisory/wording.hpp"
#include "delivery/alert_document.hpp"
#include "installation.hpp"
#include "pipeline.hpp"
#include "support/every_machine.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <regex>

namespace fettle {
namespace {

using namespace std::chrono_literals;
using advisory::Episode;
using advisory::SlotFacts;

constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 6 / 1}};
/// Names of places up to this length leave every shipped note whole.
constexpr std::size_t longest_place = 40;

/// The shipped sites, but for those that show a login, and one that uses every shipped equipment model.
std::vector<Installation> shipped() {
  std::vector<Installation> result{load_installation(test::EveryMachine{}.site())};
  for (const auto* file : {"site.example.yaml", "site.shaft.example.yaml"})
    result.push_back(load_installation(fmt::format("{}/config/{}", FETTLE_SOURCE_DIR, file)));
  return result;
}

std::vector<health::EquipmentModel> shipped_models() {
  std::vector<health::EquipmentModel> models;
  for (const auto& installation : shipped())
    models.insert(models.end(), installation.models.begin(), installation.models.end());
  return models;
}

struct Note {
  std::string where, text;
  const health::ModeModel* mode;
};

std::vector<Note> notes_of(const std::vector<health::EquipmentModel>& models) {
  std::vector<Note> notes;
  for (const auto& model : models) {
    for (const auto& mode : model.modes) {
      const auto where = model.name + "/" + mode.name;
      if (!mode.customer_note.empty()) notes.push_back({where, mode.customer_note, &mode});
      if (!mode.closing_note.empty()) notes.push_back({where + " closed", mode.closing_note, &mode});
    }
  }
  return notes;
}

Asset with_long_names() {
  Asset asset;
  asset.serves = asset.location.building = asset.location.floor = std::string(longest_place, 'm');
  return asset;
}

TEST(ContractRules, rule_16_every_note_with_the_longest_names_has_at_most_300_characters) {
  const auto models = shipped_models();
  const auto notes = notes_of(models);
  EXPECT_GE(notes.size(), 4U);
  for (const auto& note : notes) {
    const auto filled = advisory::fill_note(note.text, with_long_names());
    EXPECT_FALSE(filled.empty()) << note.where << ": does not fit";
    EXPECT_LE(filled.size(), 300U) << note.where;
    EXPECT_EQ(filled.find('{'), std::string::npos) << note.where;
  }
}

TEST(ContractRules, rule_16_no_note_has_a_code_or_a_word_that_alarms_or_blames) {
  const std::regex code{R"([A-Z]{2}|[A-Za-z][0-9]|[0-9][A-Za-z])"};
  const std::regex alarming{
      R"(\b(fault|fail|broken|urgent|alarm|danger|defect|emergency|damage|error|immediate|warn|wrong|misuse|blame))"
      R"(|\bmust\b|\bsensor|price|cost|[0-9])",
      std::regex::icase};
  const auto models = shipped_models();
  for (const auto& note : notes_of(models)) {
    const auto text = std::regex_replace(note.text, std::regex{R"(\{[a-z]+\})"}, "");
    EXPECT_FALSE(std::regex_search(text, code)) << note.where << ": " << note.text;
    EXPECT_FALSE(std::regex_search(text, alarming)) << note.where << ": " << note.text;
    for (const auto& part : note.mode->advice.parts) {
      EXPECT_EQ(text.find(part.sku), std::string::npos) << note.where;
      EXPECT_EQ(text.find(part.name), std::string::npos) << note.where;
    }
    EXPECT_EQ(text.find(note.mode->advice.code), std::string::npos) << note.where;
  }
}

Outcome outcome(bool fixed) {
  Outcome result;
  result.verdict = Conclusion::confirmed;
  result.by = "tech/a.kaya";
  result.at = start + 1h;
  result.fixed = fixed;
  return result;
}

advisory::Verdict prediction(AlertKind kind = AlertKind::prediction) {
  advisory::Verdict verdict;
  verdict.kind = kind;
  verdict.severity = Severity::major;
  verdict.priority = 2;
  verdict.prognosis = Prognosis{{}, {}, start, start + 100h, start + 200h, start + 400h, 0.8, 0.9};
  return verdict;
}

TEST(ContractRules, rule_16_a_note_is_absent_for_system_in_cleared_and_in_closed_unless_it_was_put_right) {
  const auto installations = shipped();
  for (const auto& installation : installations) {
    const auto parts = wire_up(installation);
    for (const auto& mode_case : parts.cases) {
      const auto& facts = mode_case->episode().facts();
      for (const bool is_mended : {false, true}) {
        Episode episode{facts};
        EXPECT_EQ(episode.hold(start, prediction())->customer_note, facts.customer_note);
        EXPECT_EQ(episode.clear(start + 30min)->customer_note, "");
        EXPECT_EQ(episode.close(start + 1h, outcome(is_mended))->customer_note, is_mended ? facts.closing_note : "");
      }
      Episode system{facts};
      EXPECT_EQ(system.hold(start, prediction(AlertKind::system))->customer_note, "");
    }
  }
}

/// As much evidence as there can be.
Evidence full_evidence(const health::ModeModel& mode, const std::string& asset) {
  Evidence evidence;
  evidence.from = start - Days{60};
  evidence.to = start;
  evidence.coverage = 0.97;
  for (const auto& indicator : mode.indicators) {
    EvidencePoint point;
    point.id = asset + "/" + indicator.name;
    point.brick = indicator.brick;
    point.label = indicator.title;
    point.quantity = indicator.quantity;
    point.value = -123.4;
    point.baseline = 118.5;
    point.limit = 250.5;
    point.trend.assign(32, 123.4);
    point.step = Days{3};
    evidence.points.push_back(std::move(point));
  }
  return evidence;
}

Asset with_long_words(Asset asset) {
  for (auto* text :
       {&asset.name, &asset.serves, &asset.location.building, &asset.location.space, &asset.location.access}) {
    *text = std::string(24, 'm');
  }
  asset.maker = asset.model = asset.serial = std::string(20, 'm');
  return asset;
}

/// What no model names, as the watch makes it.
health::ModeModel watched() {
  health::ModeModel mode;
  mode.indicators.emplace_back().name = "unusualness";
  mode.indicators.back().title = "Evidence of a change";
  return mode;
}

TEST(ContractRules, rule_15_a_document_of_every_shipped_mode_with_full_evidence_is_within_4_kib) {
  const delivery::GatewayFacts gateway{
      "gw-0042", "acme/fettle/v1", "1.4.2", 0x123456789f2c41abU, {delivery::ClockSync::ntp, 12.0}, 15min};
  std::size_t modes = 0;
  for (const auto& installation : shipped()) {
    const auto parts = wire_up(installation);
    for (const auto& mode_case : parts.cases) {
      const auto& facts = mode_case->episode().facts();
      const auto& installed = *std::find_if(installation.assets.begin(), installation.assets.end(),
                                            [&](const auto& each) { return each.asset.key == facts.asset; });
      const auto& all = installation.models.at(*installed.model).modes;
      const auto known =
          std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == facts.mode; });
      const auto mode = known == all.end() ? watched() : *known;
      const auto asset = with_long_words(installed.asset);
      Episode episode{facts};
      auto verdict = prediction();
      verdict.evidence = full_evidence(mode, facts.asset);
      verdict.title = advisory::title_of(verdict, facts, "", start);
      verdict.text = advisory::text_of(verdict, facts, "", Time{});
      episode.hold(start, verdict);
      episode.waste({1234.5, start - Days{60}, 12.34, "EUR"});
      for (int day = 1; day <= 3; ++day) episode.tick(start + day * 24h);
      const auto alert = episode.acknowledge(
          {"dispatch/m.lee", start + 73h, "booked for Tuesday", Reference{"d365", "workorder", "WO-10417", ""}});
      ASSERT_TRUE(delivery::check_alert(*alert, asset, gateway)) << alert->slot();
      const auto document = delivery::alert_document(*alert, asset, gateway, 5512);
      EXPECT_LE(document.size(), 4096U) << alert->slot();
      EXPECT_NE(document.find("\"trend\""), std::string::npos) << alert->slot() << " has no room for its evidence";
      EXPECT_NE(document.find("\"log\""), std::string::npos) << alert->slot();
      ++modes;
    }
  }
  EXPECT_GE(modes, 8U);
}

}  // namespace
}  // namespace fettle
