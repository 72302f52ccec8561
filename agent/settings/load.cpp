#include "settings/environment.hpp"
#include "settings/node.hpp"
#include "settings/plain_text.hpp"
#include "settings/value.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

namespace fettle::settings {
namespace {

constexpr std::size_t largest_file = 1'000'000;
constexpr int deepest_nesting = 60;
constexpr int most_values = 200'000;

/// Turns the parser's nodes into a tree that owns its values and knows their places.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view source, const std::string& file, Mistakes& mistakes)
      : source_{source}, file_{file}, mistakes_{mistakes} {}

  Node build(const YAML::Node& root) { return convert(root, {}, mark(root), 0); }

 private:
  using Entries = std::vector<std::pair<std::string, Node>>;

  Mark mark(const YAML::Node& node) const {
    const auto at = node.Mark();
    return at.is_null() ? Mark{file_, 1, 1} : Mark{file_, at.line + 1, at.column + 1};
  }

  /// An alias inside its own anchor has no end, and aliases of aliases multiply: both stop here.
  void count(const YAML::Node& node, int depth) {
    if (depth > deepest_nesting || ++values_ > most_values) {
      throw YAML::ParserException{node.Mark(),
                                  depth > deepest_nesting ? "it is nested too deeply" : "it has too many values"};
    }
  }

  Node convert(const YAML::Node& node, const std::string& path, const Mark& key, int depth) {
    count(node, depth);
    Node::Value value;
    value.at = mark(node);
    value.key_at = key;
    value.path = path;
    if (node.IsScalar()) {
      fill_scalar(value, node);
    } else if (node.IsSequence()) {
      value.kind = Node::Kind::list;
      for (const auto& item : node) {
        value.items.push_back(convert(item, fmt::format("{}[{}]", path, value.items.size()), mark(item), depth + 1));
      }
    } else if (node.IsMap()) {
      value.kind = Node::Kind::mapping;
      fill_mapping(value, node, depth);
    } else {
      value.kind = Node::Kind::null;
      value.at = key;  // the parser's own place for it is behind the line
    }
    return Node{std::make_shared<const Node::Value>(std::move(value))};
  }

  void fill_scalar(Node::Value& value, const YAML::Node& node) {
    value.kind = Node::Kind::scalar;
    refuse_open_quote(node);
    auto filled = fill_in(node.Scalar());
    if (!filled.mistake.empty()) {
      value.scalar = node.Scalar();
      value.reported = true;
      mistakes_.add({value.at, value.path, filled.mistake});
      return;
    }
    if (filled.text != node.Scalar()) value.written = node.Scalar();
    value.text_begins = text_begins(node, filled.text);
    value.scalar = std::move(filled.text);
  }

  std::optional<int> text_begins(const YAML::Node& node, std::string_view text) const {
    const auto at = node.Mark();
    for (const int skipped : {0, 1}) {
      const auto from = static_cast<std::size_t>(at.pos + skipped);
      if (!at.is_null() && from <= source_.size() && source_.substr(from, text.size()) == text) {
        return at.column + 1 + skipped;
      }
    }
    return std::nullopt;
  }

  /// The parser takes a quote that is never closed for one that ends with the file.
  void refuse_open_quote(const YAML::Node& node) const {
    const auto at = node.Mark();
    if (at.is_null() || static_cast<std::size_t>(at.pos) >= source_.size()) return;
    auto rest = source_.substr(static_cast<std::size_t>(at.pos));
    const char quote = rest.front();
    if (quote != '"' && quote != '\'') return;
    for (std::size_t i = 1; i < rest.size(); ++i) {
      if (rest[i] == quote) return;
      if (quote == '"' && rest[i] == '\\') ++i;
    }
    throw YAML::ParserException{at, "this quote is never closed"};
  }

  void fill_mapping(Node::Value& value, const YAML::Node& node, int depth) {
    Entries merged;
    for (const auto& entry : node) {
      const auto place = mark(entry.first);
      if (!entry.first.IsScalar()) {
        mistakes_.add({place, value.path, "a key must be a word"});
        continue;
      }
      const auto& key = entry.first.Scalar();
      if (key == "<<") {
        merge(merged, entry.second, value.path, depth);
        continue;
      }
      const auto path = value.path.empty() ? key : fmt::format("{}.{}", value.path, key);
      const auto twin = find(value.entries, key);
      if (twin != value.entries.end()) {
        mistakes_.add({place, value.path,
                       fmt::format("\"{}\" stands here twice (first in line {})", key, twin->second.key_mark().line)});
        continue;
      }
      value.entries.emplace_back(key, convert(entry.second, path, place, depth + 1));
    }
    for (auto& entry : merged) {
      if (find(value.entries, entry.first) == value.entries.end()) value.entries.push_back(std::move(entry));
    }
  }

  /// `<<: *other` or `<<: [*one, *other]`: what the mapping does not say itself.
  void merge(Entries& into, const YAML::Node& node, const std::string& path, int depth) {
    const auto from = convert(node, path, mark(node), depth + 1);
    auto sources = from.items();
    if (from.kind() != Node::Kind::list) sources.push_back(from);
    for (const auto& source : sources) {
      if (source.kind() != Node::Kind::mapping)
        mistakes_.add({source.mark(), path, "\"<<\" takes a mapping (such as *anchor)"});
      for (const auto& entry : source.entries()) {
        if (find(into, entry.first) == into.end()) into.push_back(entry);
      }
    }
  }

  static Entries::const_iterator find(const Entries& entries, const std::string& key) {
    return std::find_if(entries.begin(), entries.end(), [&key](const auto& entry) { return entry.first == key; });
  }

  std::string_view source_;
  const std::string& file_;
  Mistakes& mistakes_;
  int values_ = 0;
};

Mark mark_of(std::string_view text, std::size_t position, const std::string& name) {
  const auto before = text.substr(0, position);
  const auto line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  return {name, static_cast<int>(line), static_cast<int>(position - line_begin) + 1};
}

bool indented_with_tab(std::string_view text, int line) {
  for (int i = 1; i < line; ++i) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  const auto indent = text.substr(0, text.find_first_not_of(" \t"));
  return indent.find('\t') != std::string_view::npos;
}

/// Words of the parser that say too little, and better ones.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kinder_words{{
    {"bad file", "it is nested too deeply"},
    {"end of map not found", "the indentation does not fit the lines above"},
    {"end of sequence not found", "the indentation does not fit the lines above"},
    {"illegal map value", "\": \" does not belong here (quote a text that holds one)"},
}};

std::string explanation(const YAML::Exception& error, std::string_view text, int line) {
  if (indented_with_tab(text, line)) return "this is not YAML: a tab in the indentation (use spaces)";
  const auto kinder = std::find_if(kinder_words.begin(), kinder_words.end(),
                                   [&error](const auto& each) { return each.first == error.msg; });
  return fmt::format("this is not YAML: {}", kinder == kinder_words.end() ? error.msg : kinder->second);
}

/// Notices where documents begin, and nothing else.
class Beginnings : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override { latest_ = mark; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnAlias(const YAML::Mark& /*mark*/, YAML::anchor_t /*anchor*/) override {}
  void OnScalar(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                const std::string& /*value*/) override {}
  void OnSequenceStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value /*style*/) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark& /*mark*/, const std::string& /*tag*/, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {}
  void OnMapEnd() override {}

  const YAML::Mark& latest() const { return latest_; }

 private:
  YAML::Mark latest_;
};

/// What follows the first document would be dropped silently. The parser never gets past a stray comma, so it is asked once only.
void refuse_second_document(std::string_view text, const std::string& name, Mistakes& mistakes) {
  std::istringstream stream{std::string{text}};
  YAML::Parser parser{stream};
  Beginnings beginnings;
  if (!parser.HandleNextDocument(beginnings) || !parser.HandleNextDocument(beginnings)) return;
  const auto& at = beginnings.latest();
  const bool said_so = text.substr(static_cast<std::size_t>(at.pos)).starts_with("---");
  mistakes.add(
      {{name, at.line + 1, at.column + 1},
       {},
       said_so ? "a second document begins here (one file holds one)" : "this is not YAML: this does not belong here"});
}

Node parse(std::string_view text, const std::string& name, Mistakes& mistakes) {
  const auto known = mistakes.size();
  try {
    refuse_second_document(text, name, mistakes);
    const auto root = YAML::Load(std::string{text});
    if (!root.IsNull()) return TreeBuilder{text, name, mistakes}.build(root);
    if (mistakes.size() == known) mistakes.add({{name, 1, 1}, {}, "the file is empty"});
  } catch (const YAML::Exception& error) {
    const int line = error.mark.is_null() ? 1 : error.mark.line + 1;
    const int column = error.mark.is_null() ? 1 : error.mark.column + 1;
    mistakes.add({{name, line, column}, {}, explanation(error, text, line)});
  }
  return {};
}

}  // namespace

Node load_text(std::string_view text, const std::string& name, Mistakes& mistakes) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.substr(0, byte_order_mark.size()) == byte_order_mark) text.remove_prefix(byte_order_mark.size());
  if (const auto bad = bad_text(text)) {
    mistakes.add({mark_of(text, bad->position, name), {}, bad->text});
    return {};
  }
  return parse(text, name, mistakes);
}

Node load_file(const std::string& path, Mistakes& mistakes) {
  const auto give_up = [&](const std::string& why) {
    mistakes.add({{path, 1, 1}, {}, why});
    return Node{};
  };
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::none)
    return give_up(fmt::format("the file cannot be looked at: {}", error.message()));
  if (!std::filesystem::exists(status)) return give_up("there is no such file");
  if (std::filesystem::is_directory(status)) return give_up("this is a folder, not a file");
  std::ifstream stream{path, std::ios::binary};
  if (!stream) return give_up("the file cannot be read (is its owner or mode wrong?)");
  std::string text(largest_file + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > largest_file) return give_up("the file is larger than 1 MB (is it the right one?)");
  return load_text(text, path, mistakes);
}

}  // namespace fettle::settings
