// Every message that peers exchange: bytes that are read as one mean the same after they were written anew, and hold no
// more than their bounds allow. What operators write as an address reads back as it is printed.

#include "chain/base/check.hpp"
#include "chain/network/address_book.hpp"
#include "chain/network/control.hpp"
#include "chain/network/sync_messages.hpp"
#include "chain/network/transaction_messages.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace {

using namespace network;

void network_control(fuzz::Input input) {
    const auto message = decode_control(input.rest());
    if (!message) return;
    chain::check(decode_control(encode(*message)) == message);
    if (const auto* hello = std::get_if<Hello>(&*message)) {
        chain::check(hello->record.size() <= record_bytes_max && hello->agent.size() <= 64);
        chain::check(!objection(*hello, *hello));
    }
}

void network_discovery(fuzz::Input input) {
    const auto message = decode_discovery(input.rest());
    if (!message) return;
    chain::check(message->records.size() <= records_per_message_max);
    chain::check(decode_discovery(encode(*message)) == message);
}

void network_transactions(fuzz::Input input) {
    const auto message = decode_transactions(input.rest());
    if (!message) return;
    chain::check(message->announced.size() <= hashes_per_message_max &&
                 message->requested.size() <= hashes_per_message_max);
    chain::check(message->delivered.size() <= transactions_per_message_max);
    chain::check(decode_transactions(encode(*message)) == message);
}

void network_sync(fuzz::Input input) {
    if (const auto request = decode_sync_request(input.rest())) {
        chain::check(request->count >= 1 && request->count <= sync_blocks_max);
        chain::check(decode_sync_request(encode(*request)) == request);
    }
    if (const auto response = decode_sync_response(input.rest())) {
        chain::check(response->blocks.size() <= sync_blocks_max);
        chain::check(decode_sync_response(encode(*response)) == response);
    }
}

/// A record with whatever stands in the input, signed where the first byte says so.
void network_address_record(fuzz::Input input) {
    constexpr std::uint64_t now_ms = 1'800'000'000'000;
    const bool is_signed_anew = input.byte() % 2 == 0;
    auto record = scale::decode<AddressRecord>(input.rest());
    if (record) chain::check(std::ranges::equal(encode_record(*record), input.rest()));
    if (record && is_signed_anew) {
        static const auto key = crypto::Ed25519Key::from_seed({1});
        record->body.signer = key.public_key();
        record->body.expires_ms = now_ms + 1;
        record->signature = key.sign(signing_bytes(record->body, {}));
    }
    const chain::Bytes bytes = record ? encode_record(*record) : chain::to_bytes(input.rest());
    const auto checked = decode_record(bytes, {}, now_ms);
    chain::check(!record || !is_signed_anew || checked.has_value());
    AddressBook book{PeerId{}, 1};
    book.load(input.rest(), {});
    if (!checked) return;
    chain::check(checked->body.addresses.value.size() <= 4);
    const bool is_added = book.add(*checked, Ip{}) == AddressBook::Added::New;
    for (const AddressRecord& candidate : book.candidates())
        for (const SocketAddress& address : candidate.body.addresses.value) {
            chain::check(is_added && !is_unusable(address.ip));
            chain::check(socket_address_from_text(to_text(address)) == address);
        }
}

void network_address_text(fuzz::Input input) {
    const auto address = peer_address_from_text(chain::as_text(input.rest()));
    if (!address) return;
    const auto again = peer_address_from_text(to_text(*address));
    chain::check(again && *again == *address);
}

const fuzz::Target control_target{"network_control", network_control};
const fuzz::Target discovery_target{"network_discovery", network_discovery};
const fuzz::Target transactions_target{"network_transactions", network_transactions};
const fuzz::Target sync_target{"network_sync", network_sync};
const fuzz::Target record_target{"network_address_record", network_address_record};
const fuzz::Target text_target{"network_address_text", network_address_text};

}  // namespace
