#pragma once

#include "core/result.hpp"
#include "core/time.hpp"
#include "delivery/broker_settings.hpp"

#include <string>

namespace fettle::delivery {

/// certificate.pem and key.pem of the folder for new certificates; whom we trust stays the same.
TlsFiles incoming_pair(const BrokerSettings& settings);

/// Fails with a reason unless `next` may take the place of `current`: the same name, the gateway's; valid now; the key beside it; and
/// where the authority that we trust has vouched for the current certificate, it must vouch for the next one as well.
Result<void> check_successor(const TlsFiles& current, const TlsFiles& next, const std::string& name, Time now);

/// Puts a copy of `next` in the place of `current`, whose own content is kept beside it as *.previous.
///
/// At every moment, also if the program is killed in the midst of it, both paths hold the old pair or both hold the new one. Two files
/// cannot be renamed at once; so the pairs lie in numbered folders in `certificate`.d, the two paths are symbolic links through the one
/// link `certificate`.d/current, and it is that link which changes.
Result<void> exchange_pair(const TlsFiles& current, const TlsFiles& next);

/// Removes what has been put in place: a private key should not lie around twice.
void remove_pair(const TlsFiles& files);

}  // namespace fettle::delivery
