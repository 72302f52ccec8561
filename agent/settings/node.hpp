#pragma once

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fettle::settings {

/// A place in a file, counted from 1.
struct Mark {
  std::string file;
  int line = 1;
  int column = 1;
};

/// Something an operator wrote that cannot be used.
struct Mistake {
  Mark at;
  std::string path;  ///< "devices[2].every"; empty for the file as a whole
  std::string text;  ///< "\"5 parsecs\" is not a duration (try 5s)"
};

/// "site.yaml:14:9: devices[2].every: \"5 parsecs\" is not a duration (try 5s)"
std::string to_text(const Mistake& mistake);

class Node;

/// Collects every mistake of a load, so that an operator sees them all in one go.
class Mistakes {
 public:
  void add(const Node& at, std::string text);
  void add(Mistake mistake) { all_.push_back(std::move(mistake)); }
  bool empty() const { return all_.empty(); }
  std::size_t size() const { return all_.size(); }
  const std::vector<Mistake>& all() const { return all_; }
  /// By file, line and column, without repetitions: what is wrong in one place for many entries is told for a few, and counted.
  void sort();

 private:
  std::vector<Mistake> all_;
};

/// Thrown when a program cannot start because of its settings; what() is one line a mistake.
class SettingsError : public std::runtime_error {
 public:
  explicit SettingsError(Mistakes mistakes);
  const Mistakes& mistakes() const { return mistakes_; }

 private:
  Mistakes mistakes_;
};

/// A value of a YAML file that knows where it stands. A cheap handle; copies share the file's tree, which lives as long as they do.
/// What a temporary handle is asked for comes by value, so that a loop over node["list"].items() keeps what it walks on.
class Node {
 public:
  enum class Kind { missing, null, scalar, list, mapping };

  struct Value;  ///< of node.cpp and load.cpp
  Node() = default;
  explicit Node(std::shared_ptr<const Value> value) : value_{std::move(value)} {}

  Kind kind() const;
  explicit operator bool() const { return kind() != Kind::missing; }
  const Mark& mark() const&;
  Mark mark() const&& { return static_cast<const Node&>(*this).mark(); }
  const std::string& path() const&;
  std::string path() const&& { return static_cast<const Node&>(*this).path(); }
  /// The text of a scalar as written, after ${NAME:-default} was filled in; empty for anything else.
  const std::string& scalar() const&;
  std::string scalar() const&& { return static_cast<const Node&>(*this).scalar(); }
  /// The same before anything was filled in, for those who must not learn what the environment holds.
  const std::string& written() const;
  /// The elements of a list; empty for anything else.
  const std::vector<Node>& items() const&;
  std::vector<Node> items() const&& { return static_cast<const Node&>(*this).items(); }
  /// The entries of a mapping in the file's order; empty for anything else.
  const std::vector<std::pair<std::string, Node>>& entries() const&;
  std::vector<std::pair<std::string, Node>> entries() const&& { return static_cast<const Node&>(*this).entries(); }
  /// An entry of a mapping; a missing Node (that still knows its parent's place) if there is none.
  Node operator[](std::string_view key) const;
  /// Where the key stands that a mapping's entry was found under; the value's own place for anything else.
  const Mark& key_mark() const;
  /// The place of one character of a scalar; the scalar's own place if the file does not hold the text as it is (folded, escaped, filled in).
  Mark place(std::size_t character) const;
  /// True for a scalar that is a mistake already, such as ${NAME} without a value: it is not to be reported again.
  bool reported() const;

 private:
  std::shared_ptr<const Value> value_;
};

/// Reads a file. ${NAME} and ${NAME:-default} in scalars are taken from the environment. Syntax errors, duplicate keys, an unreadable
/// file and a variable without value are mistakes; what could be read is returned (a missing Node if nothing could).
Node load_file(const std::string& path, Mistakes& mistakes);

/// The same from a text, which `name` stands for in messages.
Node load_text(std::string_view text, const std::string& name, Mistakes& mistakes);

}  // namespace fettle::settings
