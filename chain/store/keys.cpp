#include "chain/store/keys.hpp"

namespace store::keys {
namespace {

constexpr std::uint8_t byte(Table table) { return static_cast<std::uint8_t>(table); }

template <class T>
void append_number(Bytes& out, T number) {
    for (int shift = 8 * (sizeof(T) - 1); shift >= 0; shift -= 8)
        out.push_back(static_cast<std::uint8_t>(number >> shift));
}

// 0 becomes 0 255, and 0 0 ends the key: order is kept, and the end sorts before any longer key.
void append_escaped(Bytes& out, ByteView key) {
    for (const std::uint8_t c : key) {
        out.push_back(c);
        if (c == 0) out.push_back(0xff);
    }
    out.insert(out.end(), {0, 0});
}

Bytes with_hash(std::initializer_list<std::uint8_t> column, const Hash& hash) {
    Bytes out{column};
    chain::append(out, hash.value);
    return out;
}

}  // namespace

Bytes current(Table table, ByteView key) {
    Bytes out;
    out.reserve(key.size() + 1);
    out.push_back(byte(table));
    chain::append(out, key);
    return out;
}

Bytes old_values(Table table, ByteView key) {
    Bytes out{'D', 'k', byte(table)};
    out.reserve(key.size() + 16);
    append_escaped(out, key);
    return out;
}

Bytes old_value(Table table, ByteView key, std::uint32_t number) {
    Bytes out = old_values(table, key);
    append_number(out, number);
    return out;
}

Bytes changed_keys(Table table, std::uint32_t number) {
    Bytes out{'D', 'b', byte(table)};
    append_number(out, number);
    return out;
}

Bytes body(const Hash& block) { return with_hash({'B'}, block); }
Bytes certificate(const Hash& block) { return with_hash({'C'}, block); }
Bytes header(const Hash& block) { return with_hash({'H', 'h'}, block); }

Bytes number(std::uint32_t number) {
    Bytes out{'H', 'n'};
    append_number(out, number);
    return out;
}

Bytes proof(std::uint64_t epoch, std::uint64_t view, std::uint8_t kind) {
    Bytes out = proofs();
    append_number(out, epoch);
    append_number(out, view);
    out.push_back(kind);
    return out;
}

Bytes proofs() { return {'P'}; }

bool is_proof(ByteView entry) { return !entry.empty() && entry[0] == 'P'; }

Bytes meta(std::string_view name) {
    Bytes out{'M'};
    out.insert(out.end(), name.begin(), name.end());
    return out;
}

std::optional<ByteView> current_key(Table table, ByteView entry) {
    if (entry.empty() || entry[0] != byte(table)) return std::nullopt;
    return entry.subspan(1);
}

std::optional<Bytes> old_value_key(Table table, ByteView entry) {
    if (entry.size() < 9 || entry[0] != 'D' || entry[1] != 'k' || entry[2] != byte(table)) return std::nullopt;
    entry = entry.subspan(3);
    Bytes key;
    for (std::size_t i = 0; i + 1 < entry.size(); ++i) {
        if (entry[i] != 0) {
            key.push_back(entry[i]);
            continue;
        }
        if (entry[i + 1] == 0) return key;
        key.push_back(0);
        ++i;
    }
    return std::nullopt;
}

}  // namespace store::keys
