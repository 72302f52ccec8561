#include "host_requests.hpp"

#include "core/files.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

namespace fettle {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::chrono::minutes until_taken{10}, until_done{60};
constexpr auto request_name = "update-request";
constexpr auto result_name = "update-result";
constexpr auto report_name = "update.json";
constexpr std::array<std::string_view, 3> endings{"installed", "refused", "rolled-back"};
constexpr std::string_view undone = "stuck";  ///< no ending: the former version could not be brought back yet

std::optional<UpdateReport> parse_report(const std::string& text) {
  boost::system::error_code error;
  const auto root = json::parse(text, error);
  if (error || !root.is_object()) return std::nullopt;
  const auto member = [&root](const char* key) {
    const auto* value = root.get_object().if_contains(key);
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
  };
  return UpdateReport{member("jti"), member("by"), member("version"), member("sha256"), member("state"), member("why")};
}

bool is_older_than(const std::string& file, std::chrono::minutes age) {
  std::error_code error;
  const auto since = fs::last_write_time(file, error);
  return !error && fs::file_time_type::clock::now() - since >= age;
}

std::string content_of(const std::string& file) {
  std::ifstream stream{file, std::ios::binary};
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace

HostRequests::HostRequests(std::string store_folder)
    : store_{std::move(store_folder)}, latest_{parse_report(content_of(file(report_name)))} {}

std::string HostRequests::file(const char* name) const { return (fs::path{store_} / name).string(); }

Result<void> HostRequests::request(const std::string& text) const {
  const auto trouble = replace_file(file(request_name), text, 0600);
  if (!trouble) return {};
  return failure(Fault::offline, fmt::format("{}: cannot be written: {}", file(request_name), trouble.message()));
}

Result<void> HostRequests::keep() const {
  const json::object object{{"jti", latest_->jti},       {"by", latest_->by},       {"version", latest_->version},
                            {"sha256", latest_->sha256}, {"state", latest_->state}, {"why", latest_->why}};
  const auto trouble = replace_file(file(report_name), json::serialize(object) + "\n", 0600);
  if (!trouble) return {};
  return failure(Fault::offline, fmt::format("{}: cannot be written: {}", file(report_name), trouble.message()));
}

/// The report first: with the request alone, nobody would know who had asked.
Result<void> HostRequests::update(const UpdateOrder& order) {
  std::error_code none;
  fs::remove(file(result_name), none);
  latest_ = {order.jti, order.by, order.version, order.sha256, "requested", {}};
  if (auto kept = keep(); !kept) return kept;
  return request(fmt::format("update {} {} {}\n", order.version, order.url, order.sha256));
}

Result<void> HostRequests::restart_host() { return request("restart\n"); }

bool HostRequests::end(std::string state, std::string why) {
  latest_->state = std::move(state);
  latest_->why = std::move(why);
  spdlog::info("the update to {} is {}{}{}", latest_->version, latest_->state, latest_->why.empty() ? "" : ": ",
               latest_->why);
  if (const auto kept = keep(); !kept) spdlog::error("{}", kept.error().detail);
  return true;
}

bool HostRequests::take_back_what_nobody_takes() {
  if (!is_older_than(file(request_name), until_taken)) return false;
  std::error_code none;
  fs::remove(file(request_name), none);
  spdlog::error("nobody has carried out what was asked of the host (systemctl enable --now fettle-update.path)");
  return true;
}

bool HostRequests::look() {
  const bool in_vain = take_back_what_nobody_takes();
  if (!is_updating()) return false;
  if (in_vain) return end("refused", "nothing on this host takes updates (systemctl enable --now fettle-update.path)");
  std::istringstream result{content_of(file(result_name))};
  std::string state, sha256, why;
  std::getline(result, state);
  std::getline(result, sha256);
  std::getline(result, why);
  const bool has_ended = std::find(endings.begin(), endings.end(), state) != endings.end();
  if (has_ended && sha256 == latest_->sha256) return end(std::move(state), std::move(why));
  if (state == undone && sha256 == latest_->sha256) return why != latest_->why && end(latest_->state, std::move(why));
  return is_older_than(file(report_name), until_done) &&
         end("refused", "no word came of it within an hour (journalctl -u fettle-update)");
}

}  // namespace fettle
