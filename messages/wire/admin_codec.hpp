// SPDX-License-Identifier: Apache-2.0
// The messages of operators, as codec.cpp wants them: put(envelope, message, compress), take(arm, message).
#pragma once

#include "messages/peer_message.hpp"
#include "messages/wire/peer.pb.h"

namespace argentum::wire {

void put(pb::Envelope& to, const admin_request& from, bool compress);
bool take(const pb::AdminRequest& from, admin_request& out);
void put(pb::Envelope& to, const admin_cancel& from, bool);
bool take(const pb::AdminCancel& from, admin_cancel& out);
void put(pb::Envelope& to, const admin_reply& from, bool);
bool take(const pb::AdminReply& from, admin_reply& out);

} // namespace argentum::wire
