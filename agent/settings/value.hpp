#pragma once

#include "settings/node.hpp"

#include <optional>

namespace fettle::settings {

/// What a Node is a handle to; built once by load_text and never changed.
struct Node::Value {
  Kind kind = Kind::missing;
  Mark at;
  Mark key_at;
  std::string path;
  std::string scalar;
  std::optional<std::string> written;  ///< if variables were filled in: the scalar before that
  std::vector<Node> items;
  std::vector<std::pair<std::string, Node>> entries;
  std::optional<int> text_begins;  ///< column of the scalar's first character, if the file holds its text as it is
  bool reported = false;
};

}  // namespace fettle::settings
