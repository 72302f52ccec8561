#pragma once

#include "core/endpoint.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fettle::doctor {

/// How a connection was made, or at what it failed.
struct Visit {
  enum class End : std::uint8_t {
    connected,
    no_such_name,    ///< the name servers know no such host
    no_name_server,  ///< none has answered
    refused,         ///< the host is there, and nobody listens
    no_route,        ///< no way to that network, or nobody has the address
    silent,          ///< nothing comes back
  };
  End end = End::silent;
  Duration took{};
};

/// Connects to all of them at once, and leaves again at once. Names are looked up one after the other.
std::vector<Visit> visit(const std::vector<Endpoint>& targets, Duration patience);

/// What happened and what to do about it, for people.
std::string text_of(const Visit& visit, const Endpoint& target);
std::string remedy_of(Visit::End end);

}  // namespace fettle::doctor
