#include "chain/store/history.hpp"

#include "chain/base/check.hpp"

namespace store {

Bytes encode_old(const std::optional<Bytes>& value) {
    if (!value) return {0};
    Bytes out{1};
    chain::append(out, *value);
    return out;
}

std::optional<Bytes> decode_old(ByteView entry) {
    chain::check(!entry.empty() && entry[0] <= 1);
    if (entry[0] == 0) return std::nullopt;
    return chain::to_bytes(entry.subspan(1));
}

std::optional<Bytes> StoreSnapshot::head_value(const Bytes& entry) const {
    if (auto known = cache_->find(number_, entry)) return *std::move(known);
    auto value = moment_->get(entry);
    cache_->remember(number_, entry, value);
    return value;
}

std::optional<Bytes> StoreSnapshot::value(Table table, ByteView key) const {
    if (cache_) return head_value(keys::current(table, key));
    const auto change = moment_->seek(keys::old_value(table, key, number_ + 1));
    const Bytes same_key = keys::old_values(table, key);
    if (change && change->key.size() == same_key.size() + 4 &&
        std::equal(same_key.begin(), same_key.end(), change->key.begin()))
        return decode_old(change->value);
    return moment_->get(keys::current(table, key));
}

std::optional<Bytes> StoreSnapshot::next_current(ByteView after) const {
    Bytes from = keys::current(Table::State, after);
    from.push_back(0);  // the smallest key above `after`
    const auto entry = moment_->seek(from);
    const auto key = entry ? keys::current_key(Table::State, entry->key) : std::nullopt;
    return key ? std::optional{chain::to_bytes(*key)} : std::nullopt;
}

std::optional<Bytes> StoreSnapshot::next_changed(ByteView after) const {
    Bytes above = chain::to_bytes(after);
    above.push_back(0);
    const auto entry = moment_->seek(keys::old_values(Table::State, above));
    return entry ? keys::old_value_key(Table::State, entry->key) : std::nullopt;
}

std::optional<Bytes> StoreSnapshot::next_key(ByteView after) const {
    if (cache_) return next_current(after);
    Bytes at = chain::to_bytes(after);
    for (;;) {
        // A key that was there then is there now, or a later block removed it and history names it.
        auto current = next_current(at);
        auto changed = next_changed(at);
        if (!current && !changed) return std::nullopt;
        at = !changed || (current && *current < *changed) ? std::move(*current) : std::move(*changed);
        if (value(Table::State, at)) return at;
    }
}

}  // namespace store
