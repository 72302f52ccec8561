#pragma once

#include "support/child.hpp"

#include <string>

namespace fettle::test {

/// Judges documents by config/contract with a validator that is not ours (npm's ajv). One process judges many: starting it takes a moment.
class Validator {
 public:
  /// Throws where tests/node_modules is missing.
  Validator();

  /// What is wrong with a document on this topic; empty if it keeps the contract. `payload` is one line.
  std::string judge(const std::string& topic, const std::string& payload);

 private:
  Child process_;
};

}  // namespace fettle::test
