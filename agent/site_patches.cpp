#include "site_patches.hpp"

#include "core/files.hpp"
#include "settings/patch.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace fettle {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr double largest_exact = 9'007'199'254'740'992;  // 2^53

SitePatch parse_one(const json::object& object) {
  SitePatch patch;
  patch.rev = object.at("rev").to_number<std::uint64_t>();
  patch.by = object.at("by").as_string();
  patch.at = parse_rfc3339(object.at("at").as_string()).value_or(Time{});
  patch.patch = object.at("patch").as_object();
  patch.jti = object.at("jti").as_string();
  return patch;
}

std::string document(const SitePatches& patches) {
  json::array all;
  for (const auto& each : patches.all) {
    all.push_back(json::object{
        {"rev", each.rev}, {"by", each.by}, {"jti", each.jti}, {"at", to_rfc3339(each.at)}, {"patch", each.patch}});
  }
  json::object object{{"patches", std::move(all)}, {"highest", patches.highest}};
  if (patches.on_trial) object["onTrial"] = to_rfc3339(*patches.on_trial);
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

const SitePatch* SitePatches::find(std::string_view by, std::string_view jti) const {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const SitePatch& each) { return each.by == by && each.jti == jti; });
  return found == all.end() ? nullptr : &*found;
}

void SitePatches::add(SitePatch patch) {
  patch.rev = ++highest;
  on_trial = patch.at;
  all.push_back(std::move(patch));
}

void SitePatches::take_back() {
  all.pop_back();
  on_trial.reset();
}

std::string patches_file(const std::string& store_folder) {
  return (fs::path{store_folder} / "config-patches.json").string();
}

Result<SitePatches> load_patches(const std::string& store_folder) {
  const auto file = patches_file(store_folder);
  std::error_code none;
  if (!fs::exists(file, none)) return SitePatches{};
  std::ifstream stream{file, std::ios::binary};
  std::ostringstream text;
  text << stream.rdbuf();
  try {
    SitePatches patches;
    const auto root = json::parse(text.str());
    patches.highest = root.at("highest").to_number<std::uint64_t>();
    for (const auto& each : root.as_object().at("patches").as_array())
      patches.all.push_back(parse_one(each.as_object()));
    if (const auto* since = root.as_object().if_contains("onTrial"))
      patches.on_trial = parse_rfc3339(since->as_string());
    return patches;
  } catch (const std::exception& error) {
    return failure(
        Fault::malformed,
        fmt::format("{}: cannot be read ({}); move it away to go on with the site file alone", file, error.what()));
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
