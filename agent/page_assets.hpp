#pragma once

#include <string_view>

namespace fettle {

/// A file that the program's pages are made of, from agent/page or the packages named there; empty if there is none of that name.
std::string_view page_asset(std::string_view name);

}  // namespace fettle
