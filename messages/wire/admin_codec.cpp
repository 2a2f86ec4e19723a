// SPDX-License-Identifier: Apache-2.0
#include "messages/wire/admin_codec.hpp"

#include "messages/wire/codec_parts.hpp"

#include <algorithm>

namespace argentum::wire {

void put(pb::Envelope& to, const admin_request& from, bool compress) {
  auto& arm = *to.mutable_admin_request();
  arm.set_id(from.id);
  put(*arm.mutable_words(), from.words, compress);
  arm.set_confirmed(from.confirmed);
}

bool take(const pb::AdminRequest& from, admin_request& out) {
  out.id = from.id();
  out.confirmed = from.confirmed();
  return from.words().count() <= limits::admin_words_max && take(from.words(), out.words)
         && std::all_of(out.words.begin(), out.words.end(),
                        [](const auto& word) { return word.size() <= limits::admin_word_bytes_max; });
}

void put(pb::Envelope& to, const admin_cancel& from, bool) {
  to.mutable_admin_cancel()->set_id(from.id);
}

bool take(const pb::AdminCancel& from, admin_cancel& out) {
  out.id = from.id();
  return true;
}

void put(pb::Envelope& to, const admin_reply& from, bool) {
  auto& arm = *to.mutable_admin_reply();
  arm.set_id(from.id);
  arm.set_part(static_cast<std::uint32_t>(from.part));
  arm.set_node(from.node);
  arm.set_document(from.document);
}

bool take(const pb::AdminReply& from, admin_reply& out) {
  out.id = from.id();
  out.document = from.document();
  return take(from.part(), admin_part::confirm, out.part) && take_name(from.node(), out.node)
         && out.document.size() <= limits::admin_document_bytes_max;
}

} // namespace argentum::wire
