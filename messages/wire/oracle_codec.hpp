// SPDX-License-Identifier: Apache-2.0
// The messages about nodes, as codec.cpp wants them: put(envelope, message, compress), take(arm, message).
#pragma once

#include "messages/peer_message.hpp"
#include "messages/wire/peer.pb.h"

namespace argentum::wire {

void put(pb::Envelope& to, const gossip_state& from, bool);
bool take(const pb::GossipState& from, gossip_state& out);
void put(pb::Envelope& to, const nearest_request& from, bool compress);
bool take(const pb::NearestRequest& from, nearest_request& out);
void put(pb::Envelope& to, const nearest_reply& from, bool compress);
bool take(const pb::NearestReply& from, nearest_reply& out);
void put(pb::Envelope& to, const register_replica& from, bool compress);
bool take(const pb::RegisterReplica& from, register_replica& out);

} // namespace argentum::wire
