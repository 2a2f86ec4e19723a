// SPDX-License-Identifier: Apache-2.0
#include "storage/entry_log.hpp"

#include "messages/entry_codec.hpp"
#include "storage/fixed_int.hpp"
#include "storage/key_codec.hpp"
#include "storage/rocks_status.hpp"

#include <fmt/format.h>
#include <rocksdb/convenience.h>

namespace argentum::storage {

namespace {

struct log_item {
  chain_t chain = 0;
  std::string_view entry;
  entry_reader::header head;
};

caf::error missing(index_t index) {
  return make_error(errc::corrupt, fmt::format("entry {} is missing in the log", index));
}

caf::expected<log_item> read_item(std::string_view bytes, index_t index) {
  log_item out;
  if (!take_le64(bytes, out.chain)) return corrupt_bytes(fmt::format("log record {}", index));
  out.entry = bytes;
  auto head = entry_reader{bytes}.head();
  if (!head || head->index != index) return corrupt_bytes(fmt::format("log record {}", index));
  out.head = *head;
  return out;
}

} // namespace

caf::error entry_log::append(rocksdb::WriteBatch& batch, const log_record& record) const {
  auto key = log_key(record.index);
  std::string chain;
  put_le64(chain, record.chain);
  rocksdb::Slice keys[] = {key};
  rocksdb::Slice values[] = {chain, record.bytes};
  return to_error(batch.Put(db_.log(), {keys, 1}, {values, 2}), "build a batch");
}

caf::expected<std::string> entry_log::bytes_of(index_t index) const {
  std::string bytes;
  auto status = db_.db().Get({}, db_.log(), log_key(index), &bytes);
  if (status.IsNotFound()) return missing(index);
  if (auto error = to_error(status, "read the log")) return error;
  return bytes;
}

caf::expected<position> entry_log::position_of(index_t index) const {
  auto bytes = bytes_of(index);
  if (!bytes) return bytes.error();
  auto item = read_item(*bytes, index);
  if (!item) return item.error();
  return position{item->head.epoch, index, item->chain};
}

caf::expected<stamp_t> entry_log::stamp_of(index_t index) const {
  auto bytes = bytes_of(index);
  if (!bytes) return bytes.error();
  auto item = read_item(*bytes, index);
  if (!item) return item.error();
  return item->head.stamp;
}

caf::expected<std::uint64_t> entry_log::bytes_after(index_t index) const {
  auto begin = log_key(index + 1), end = log_key(~index_t{0});
  rocksdb::Range range{begin, end};
  rocksdb::SizeApproximationOptions options;
  options.include_memtables = db_.shared().log_in_memtables();
  std::uint64_t size = 0;
  if (auto error = to_error(db_.db().GetApproximateSizes(options, db_.log(), &range, 1, &size), "measure the log"))
    return error;
  return size;
}

caf::expected<record_run> entry_log::read(index_t after, index_t head, std::size_t bytes_max) const {
  rocksdb::ReadOptions options;
  options.fill_cache = false; // one pass; what many want is in the source's memory tail
  std::unique_ptr<rocksdb::Iterator> it{db_.db().NewIterator(options, db_.log())};
  auto run = std::make_shared<std::vector<log_record>>();
  std::size_t bytes = 0;
  it->Seek(log_key(after + 1));
  for (auto index = after + 1; index <= head && (run->empty() || bytes < bytes_max); ++index, it->Next()) {
    if (auto error = to_error(it->status(), "read the log")) return error;
    index_t found = 0;
    if (!it->Valid() || !read_log_key(it->key().ToStringView(), found) || found != index) return missing(index);
    auto item = read_item(it->value().ToStringView(), index);
    if (!item) return item.error();
    run->push_back({index, item->chain, std::string{item->entry}});
    bytes += run->back().bytes.size();
  }
  return record_run{std::move(run)};
}

caf::error entry_log::cut(rocksdb::WriteBatch& batch, index_t last) const {
  return to_error(batch.DeleteRange(db_.log(), log_key(0), log_key(last + 1)), "build a batch");
}

caf::error entry_log::free_files(index_t last) const {
  auto begin = log_key(0), end = log_key(last);
  rocksdb::Slice first{begin}, limit{end};
  return to_error(rocksdb::DeleteFilesInRange(&db_.db(), db_.log(), &first, &limit), "free log files");
}

} // namespace argentum::storage
