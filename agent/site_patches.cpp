#include "site_patches.hpp"

#include "core/files.hpp"
#include "settings/patch.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <system_error>

namespace fettle {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr double largest_exact = 9'007'199'254'740'992;  // 2^53
constexpr std::size_t largest_file = 8'000'000;          ///< the service's; `fettle check` and others read it as root

constexpr std::array<std::string_view, 5> states{"trial", "applied", "rejected", "rolled-back", "withdrawn"};

SitePatch parse_one(const json::object& object) {
  SitePatch patch;
  patch.rev = object.at("rev").to_number<std::uint64_t>();
  patch.by = object.at("by").as_string();
  patch.at = parse_rfc3339(object.at("at").as_string()).value_or(Time{});
  patch.patch = object.at("patch").as_object();
  patch.jti = object.at("jti").as_string();
  return patch;
}

HeldPatch parse_held(const json::object& object) {
  HeldPatch held;
  held.patch = parse_one(object.at("patch").as_object());
  held.ring = object.at("ring").to_number<int>();
  if (const auto* start = object.if_contains("start")) held.start = parse_rfc3339(start->as_string());
  if (const auto* rev = object.if_contains("ifRev")) held.if_rev = rev->to_number<std::uint64_t>();
  return held;
}

SettingsChange parse_latest(const json::object& object) {
  SettingsChange change;
  const auto* const state = std::find(states.begin(), states.end(), object.at("state").as_string());
  if (state == states.end()) throw std::runtime_error{"no such state"};
  change.state = static_cast<ChangeState>(std::distance(states.begin(), state));
  change.by = object.at("by").as_string();
  change.jti = object.at("jti").as_string();
  change.rev = object.at("rev").to_number<std::uint64_t>();
  change.why = object.at("why").as_string();
  return change;
}

SitePatches parse_all(const json::value& root) {
  SitePatches patches;
  patches.highest = root.at("highest").to_number<std::uint64_t>();
  for (const auto& each : root.as_object().at("patches").as_array()) patches.all.push_back(parse_one(each.as_object()));
  if (const auto* since = root.as_object().if_contains("onTrial")) patches.on_trial = parse_rfc3339(since->as_string());
  if (const auto* held = root.as_object().if_contains("held")) patches.held = parse_held(held->as_object());
  if (const auto* latest = root.as_object().if_contains("latest")) patches.latest = parse_latest(latest->as_object());
  return patches;
}

json::object to_object(const SitePatch& patch) {
  return {
      {"rev", patch.rev}, {"by", patch.by}, {"jti", patch.jti}, {"at", to_rfc3339(patch.at)}, {"patch", patch.patch}};
}

json::object to_object(const HeldPatch& held) {
  json::object object{{"patch", to_object(held.patch)}, {"ring", held.ring}};
  if (held.start) object["start"] = to_rfc3339(*held.start);
  if (held.if_rev) object["ifRev"] = *held.if_rev;
  return object;
}

json::object to_object(const SettingsChange& change) {
  return {{"state", name_of(change.state)},
          {"by", change.by},
          {"jti", change.jti},
          {"rev", change.rev},
          {"why", change.why}};
}

std::string document(const SitePatches& patches) {
  json::array all;
  for (const auto& each : patches.all) all.push_back(to_object(each));
  json::object object{{"patches", std::move(all)}, {"highest", patches.highest}};
  if (patches.on_trial) object["onTrial"] = to_rfc3339(*patches.on_trial);
  if (patches.held) object["held"] = to_object(*patches.held);
  if (patches.latest) object["latest"] = to_object(*patches.latest);
  return json::serialize(object) + "\n";
}

json::value scalar_to_json(const std::string& text) {
  if (text == "true") return true;
  if (text == "false") return false;
  double number = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc{} || stop != end) return json::value(text);
  const bool is_text = !std::isfinite(number) || std::abs(number) > largest_exact ||
                       (text.size() > 1 && text.front() == '0' && text[1] != '.');
  if (is_text) return json::value(text);
  const auto whole = static_cast<std::int64_t>(number);
  return static_cast<double>(whole) == number ? json::value(whole) : json::value(number);
}

}  // namespace

std::string HeldPatch::waits_for(int own_ring, Time now) const {
  if (own_ring > ring) return fmt::format("this gateway is in ring {}, and the rollout has come to {}", own_ring, ring);
  if (start && now < *start) return fmt::format("it starts at {}", to_rfc3339(*start));
  return {};
}

std::string_view name_of(ChangeState state) { return states.at(static_cast<std::size_t>(state)); }

const SitePatch* SitePatches::find(std::string_view by, std::string_view jti) const {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const SitePatch& each) { return each.by == by && each.jti == jti; });
  return found == all.end() ? nullptr : &*found;
}

void SitePatches::add(SitePatch patch) {
  patch.rev = ++highest;
  on_trial = patch.at;
  latest = {ChangeState::trial, patch.by, patch.jti, patch.rev, {}};
  all.push_back(std::move(patch));
}

void SitePatches::keep() {
  on_trial.reset();
  if (latest) latest->state = ChangeState::applied;
}

void SitePatches::take_back(std::string why) {
  const auto& patch = all.back();
  latest = {ChangeState::rolled_back, patch.by, patch.jti, patch.rev, std::move(why)};
  all.pop_back();
  on_trial.reset();
}

void SitePatches::reject(const SitePatch& patch, std::string why) {
  latest = {ChangeState::rejected, patch.by, patch.jti, 0, std::move(why)};
}

void SitePatches::withdraw() {
  latest = {ChangeState::withdrawn, held->patch.by, held->patch.jti, 0, {}};
  held.reset();
}

std::string patches_file(const std::string& store_folder) {
  return (fs::path{store_folder} / "config-patches.json").string();
}

Result<SitePatches> load_patches(const std::string& store_folder) {
  const auto file = patches_file(store_folder);
  const auto damaged = [&file](std::string_view why) {
    return failure(Fault::malformed,
                   fmt::format("{}: cannot be read ({}); move it away to go on with the site file alone", file, why));
  };
  std::error_code trouble;
  if (!fs::exists(fs::symlink_status(file, trouble))) return SitePatches{};
  const auto text = read_plain_file(file, largest_file, trouble);
  if (trouble) return damaged(trouble.message());
  if (!text) return SitePatches{};
  try {
    return parse_all(json::parse(*text));
  } catch (const std::exception& error) {
    return damaged(error.what());
  }
}

Result<void> save_patches(const std::string& store_folder, const SitePatches& patches) {
  const auto file = patches_file(store_folder);
  std::error_code ignored;
  fs::create_directories(store_folder, ignored);
  const auto trouble = replace_file(file, document(patches), 0600);
  if (!trouble) return {};
  return failure(Fault::offline, fmt::format("{}: cannot be written: {}", file, trouble.message()));
}

settings::Node with_patches(settings::Node root, const SitePatches& patches, settings::Mistakes& mistakes) {
  for (const auto& each : patches.all) {
    const auto name = fmt::format("patch {} of {}", each.rev, each.by);
    root = settings::patched(root, settings::load_text(json::serialize(each.patch), name, mistakes));
  }
  return root;
}

json::value to_json(const settings::Node& node) {
  using Kind = settings::Node::Kind;
  switch (node.kind()) {
    case Kind::missing:
    case Kind::null: return nullptr;
    case Kind::scalar: return scalar_to_json(node.written());
    case Kind::list: {
      json::array list;
      for (const auto& item : node.items()) list.push_back(to_json(item));
      return list;
    }
    case Kind::mapping: {
      json::object object;
      for (const auto& [key, value] : node.entries()) object[key] = to_json(value);
      return object;
    }
  }
  return nullptr;
}

}  // namespace fettle
