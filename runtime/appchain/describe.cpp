#include "runtime/appchain/describe.hpp"

#include "runtime/appchain/runtime_metadata.hpp"
#include "runtime/frame/dynamic.hpp"

namespace runtime {

namespace {

const metadata::V15& model() {
    static const metadata::V15 made = describe_runtime();
    return made;
}

const metadata::PalletV15* pallet_at(std::uint8_t index) {
    for (const auto& pallet : model().pallets)
        if (pallet.index == index) return &pallet;
    return nullptr;
}

const metadata::VariantCase* case_at(const std::optional<metadata::TypeSection>& section, std::uint8_t index) {
    if (!section) return nullptr;
    const auto& type = model().types.at(section->type.value).type;
    for (const auto& one : std::get<metadata::Variant>(type.definition).cases)
        if (one.index == index) return &one;
    return nullptr;
}

std::string first(const metadata::Docs& docs) { return docs.empty() ? std::string{} : docs.front(); }

/// One alternative of a sum of Records, read after its two indices: {"name": value, …}.
std::string fields_json(const metadata::VariantCase& one, scale::Reader& in) {
    std::string out = "{";
    for (const auto& field : one.fields) {
        if (out.size() > 1) out += ',';
        out += metadata::json_string(field.name.value_or("value")) + ":" +
               metadata::to_json(model().types, field.type, in);
    }
    return out + "}";
}

/// The sentence for an error that is no pallet's own.
std::string_view common_doc(frame::TokenError error) {
    switch (error) {
        case frame::TokenError::FundsUnavailable: return "The account cannot spend that much.";
        case frame::TokenError::OnlyProvider: return "The account would end, and something still needs it.";
        case frame::TokenError::BelowMinimum: return "The receiver would own less than the existential deposit.";
        case frame::TokenError::CannotCreate: return "The account cannot be created.";
        case frame::TokenError::UnknownAsset: return "There is no such asset.";
        case frame::TokenError::Frozen: return "The funds are frozen.";
        case frame::TokenError::Unsupported: return "The operation is not supported.";
        case frame::TokenError::CannotCreateHold: return "The account cannot hold funds for this reason.";
        case frame::TokenError::NotExpendable:
            return "The account would fall below the existential deposit and must not.";
        case frame::TokenError::Blocked: return "The account cannot receive funds.";
    }
    return "";
}

template <class E>
std::string enumerator(E value) {
    std::string out;
    reflect::for_each_index<reflect::enumerator_count<E>()>([&](auto i) {
        if (value == static_cast<E>(i.value)) out = reflect::enumerator_name<static_cast<E>(i.value)>;
    });
    return out;
}

struct NameError {
    ErrorText operator()(const frame::failure::Module& module) const {
        const auto [pallet_index, bytes] = module.value;
        const auto* pallet = pallet_at(pallet_index);
        const auto* error = pallet == nullptr ? nullptr : case_at(pallet->error, bytes[0]);
        if (error == nullptr)
            return {"Module(" + chain::to_decimal(pallet_index) + ", " + chain::to_decimal(bytes[0]) + ")",
                    "An error of a pallet that this program does not know."};
        return {pallet->name + "." + error->name, first(error->docs)};
    }
    ErrorText operator()(const frame::failure::Token& token) const {
        return {"Token." + enumerator(token.value), std::string{common_doc(token.value)}};
    }
    ErrorText operator()(const frame::failure::Arithmetic& arithmetic) const {
        return {"Arithmetic." + enumerator(arithmetic.value), "A number left its range."};
    }
    ErrorText operator()(const frame::failure::Transactional& error) const {
        return {"Transactional." + enumerator(error.value), "Storage layers nest too deeply."};
    }
    ErrorText operator()(const frame::failure::Trie& error) const {
        return {"Trie." + enumerator(error.value), "A proof is wrong."};
    }
    ErrorText operator()(const frame::failure::BadOrigin&) const {
        return {"BadOrigin", "This account, or nobody's account, may not make this call."};
    }
    ErrorText operator()(const frame::failure::ConsumerRemaining&) const {
        return {"ConsumerRemaining", "Something still relies on the account."};
    }
    ErrorText operator()(const frame::failure::NoProviders&) const {
        return {"NoProviders", "Nothing keeps the account alive."};
    }
    ErrorText operator()(const frame::failure::TooManyConsumers&) const {
        return {"TooManyConsumers", "Too much relies on the account already."};
    }
    ErrorText operator()(const frame::failure::CannotLookup&) const {
        return {"CannotLookup", "What was named does not exist."};
    }
    template <class F>
    ErrorText operator()(const F&) const {
        return {std::string{reflect::type_name<F>}, ""};
    }
};

}  // namespace

std::optional<std::vector<EventText>> describe_events(chain::ByteView stored) {
    scale::Reader in{stored};
    std::vector<EventText> out;
    const std::size_t count = scale::decode_count(in, ~std::uint32_t{0});
    for (std::size_t i = 0; i < count && !in.error(); ++i) {
        EventText text;
        const auto phase = in.little_endian(1);
        if (phase == 0) text.extrinsic = static_cast<std::uint32_t>(in.little_endian(4));
        const auto* pallet = pallet_at(static_cast<std::uint8_t>(in.little_endian(1)));
        const auto index = static_cast<std::uint8_t>(in.little_endian(1));
        const auto* event = pallet == nullptr ? nullptr : case_at(pallet->event, index);
        if (event == nullptr || phase > 2) return std::nullopt;
        text.pallet = pallet->name;
        text.name = event->name;
        text.fields = fields_json(*event, in);
        text.doc = first(event->docs);
        std::vector<chain::Hash> topics;
        scale::decode(in, topics);
        out.push_back(std::move(text));
    }
    if (in.error() || in.left() != 0) return std::nullopt;
    return out;
}

ErrorText describe_error(const frame::DispatchError& error) { return std::visit(NameError{}, error.value); }

std::optional<CallText> describe_call(chain::ByteView encoded) {
    scale::Reader in{encoded};
    const auto* pallet = pallet_at(static_cast<std::uint8_t>(in.little_endian(1)));
    const auto index = static_cast<std::uint8_t>(in.little_endian(1));
    const auto* call = pallet == nullptr || in.error() ? nullptr : case_at(pallet->calls, index);
    if (call == nullptr) return std::nullopt;
    CallText text{pallet->name, call->name, fields_json(*call, in), first(call->docs)};
    if (in.error() || in.left() != 0) return std::nullopt;
    return text;
}

std::optional<std::string> describe_storage(std::string_view pallet, std::string_view item, chain::ByteView stored) {
    for (const auto& one : model().pallets) {
        if (one.name != pallet || !one.storage) continue;
        for (const auto& entry : one.storage->entries) {
            if (entry.name != item) continue;
            const auto* plain = std::get_if<metadata::Plain>(&entry.type);
            const auto type = plain != nullptr ? plain->value : std::get<metadata::MapOf>(entry.type).value;
            return metadata::to_json(model().types, type, stored);
        }
    }
    return std::nullopt;
}

}  // namespace runtime
