#include "settings/node.hpp"

#include "settings/value.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <tuple>

namespace fettle::settings {
namespace {

const Node::Value& nothing() {
  static const Node::Value value;
  return value;
}

std::string all_of(const Mistakes& mistakes) {
  std::string text;
  for (const auto& mistake : mistakes.all()) text += (text.empty() ? "" : "\n") + to_text(mistake);
  return text;
}

auto order(const Mistake& mistake) {
  return std::tie(mistake.at.file, mistake.at.line, mistake.at.column, mistake.path, mistake.text);
}

bool same_place(const Mistake& left, const Mistake& right) {
  return std::tie(left.at.line, left.at.column, left.at.file) ==
         std::tie(right.at.line, right.at.column, right.at.file);
}

constexpr std::size_t most_in_one_place = 3;

/// The one that says the same of the same place, for an entry that stands for several is wrong for each of them. When enough others have
/// been told of it, the last of them stands for `mistake` as well. `known.size()` if it is news.
std::size_t find_like(const std::vector<Mistake>& known, const Mistake& mistake) {
  std::size_t others = 0;
  bool is_known_entry = false;
  for (auto i = known.size(); i > 0 && same_place(known[i - 1], mistake); --i) {
    if (known[i - 1].text == mistake.text) return i - 1;
    ++others;
    if (known[i - 1].path == mistake.path) is_known_entry = true;
  }
  return others >= most_in_one_place && !is_known_entry ? known.size() - 1 : known.size();
}

}  // namespace

std::string to_text(const Mistake& mistake) {
  const auto path = mistake.path.empty() ? std::string{} : mistake.path + ": ";
  return fmt::format("{}:{}:{}: {}{}", mistake.at.file, mistake.at.line, mistake.at.column, path, mistake.text);
}

void Mistakes::add(const Node& at, std::string text) { all_.push_back({at.mark(), at.path(), std::move(text)}); }

void Mistakes::sort() {
  // In one place the first one reported is the cause of what follows it, so only equal texts change places.
  std::stable_sort(all_.begin(), all_.end(), [](const Mistake& left, const Mistake& right) {
    return std::tie(left.at.file, left.at.line, left.at.column) <
           std::tie(right.at.file, right.at.line, right.at.column);
  });
  std::vector<Mistake> unique;
  std::vector<std::size_t> repetitions;
  for (auto& mistake : all_) {
    const auto same = find_like(unique, mistake);
    if (same == unique.size()) {
      unique.push_back(std::move(mistake));
      repetitions.push_back(0);
    } else if (order(unique[same]) != order(mistake)) {
      ++repetitions[same];
    }
  }
  for (std::size_t i = 0; i < unique.size(); ++i) {
    if (repetitions[i] > 0) unique[i].text += fmt::format(" (and {} more like this)", repetitions[i]);
  }
  all_ = std::move(unique);
}

SettingsError::SettingsError(Mistakes mistakes)
    : std::runtime_error{all_of(mistakes)}, mistakes_{std::move(mistakes)} {}

Node::Kind Node::kind() const { return value_ ? value_->kind : Kind::missing; }

const Mark& Node::mark() const& { return (value_ ? *value_ : nothing()).at; }

const std::string& Node::path() const& { return (value_ ? *value_ : nothing()).path; }

const std::string& Node::scalar() const& { return (value_ ? *value_ : nothing()).scalar; }

const std::string& Node::written() const {
  const auto& value = value_ ? *value_ : nothing();
  return value.written ? *value.written : value.scalar;
}

const std::vector<Node>& Node::items() const& { return (value_ ? *value_ : nothing()).items; }

const std::vector<std::pair<std::string, Node>>& Node::entries() const& {
  return (value_ ? *value_ : nothing()).entries;
}

const Mark& Node::key_mark() const { return (value_ ? *value_ : nothing()).key_at; }

bool Node::reported() const { return value_ && value_->reported; }

Mark Node::place(std::size_t character) const {
  auto mark = this->mark();
  if (value_ && value_->text_begins) mark.column = *value_->text_begins + static_cast<int>(character);
  return mark;
}

Node Node::operator[](std::string_view key) const {
  for (const auto& [name, node] : entries()) {
    if (name == key) return node;
  }
  Value missing;
  missing.at = missing.key_at = mark();
  missing.path = path().empty() ? std::string{key} : fmt::format("{}.{}", path(), key);
  return Node{std::make_shared<const Value>(std::move(missing))};
}

}  // namespace fettle::settings
