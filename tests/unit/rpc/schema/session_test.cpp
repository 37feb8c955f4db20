#include "rpc/schema/session.hpp"

#include "tests/support/fake_methods.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

using namespace test;
namespace json = boost::json;

namespace {

struct World {
    explicit World(rpc::SessionLimits limits = {}, rpc::Access access = rpc::Access::Public, rpc::Admit admit = {})
        : session(table, outlet, access, limits, std::move(admit)) {
        table.add(FakeMethods{}, bodies);
    }
    std::string say(std::string_view message) { return session.answer(message).value_or("(nothing)"); }
    /// The error's code, or 0.
    std::int64_t code(std::string_view message) {
        const json::value answer = json::parse(say(message));
        const json::value* error = answer.as_object().if_contains("error");
        return error ? error->at("code").as_int64() : 0;
    }

    FakeBodies bodies;
    rpc::MethodTable table{"1.2.3"};
    std::shared_ptr<RecordingOutlet> outlet = std::make_shared<RecordingOutlet>();
    rpc::Session session;
};

std::string request(std::string_view method, std::string_view params) {
    return R"({"jsonrpc":"2.0","id":1,"method":")" + std::string{method} + R"(","params":)" + std::string{params} + "}";
}

}  // namespace

TEST_CASE("a call is answered with its id, whatever kind of id it is") {
    World world;
    CHECK(world.say(R"({"jsonrpc":"2.0","id":7,"method":"test_echo","params":["a"]})") ==
          R"({"jsonrpc":"2.0","id":7,"result":"a"})");
    CHECK(world.say(R"({"jsonrpc":"2.0","id":"x","method":"test_say","params":{"text":"b","times":2}})") ==
          R"({"jsonrpc":"2.0","id":"x","result":"bb"})");
    CHECK(world.say(R"({"jsonrpc":"2.0","id":null,"method":"test_echo","params":["c",null]})") ==
          R"({"jsonrpc":"2.0","id":null,"result":"c"})");
}

TEST_CASE("an error carries code, message and data") {
    World world;
    CHECK(
        world.say(request("test_refuse", "[]")) ==
        R"({"jsonrpc":"2.0","id":1,"error":{"code":1010,"message":"Invalid Transaction","data":"Transaction is outdated"}})");
}

TEST_CASE("a notification wants no answer, even where it fails") {
    World world;
    CHECK_FALSE(world.session.answer(R"({"jsonrpc":"2.0","method":"test_echo","params":["a"]})"));
    CHECK_FALSE(world.session.answer(R"({"jsonrpc":"2.0","method":"no_such"})"));
    CHECK_FALSE(world.session.answer(R"([{"jsonrpc":"2.0","method":"test_echo","params":["a"]}])"));
}

TEST_CASE("what is no request says so") {
    World world;
    CHECK(world.code("{") == -32700);
    CHECK(world.code("") == -32700);
    CHECK(world.code("\"\xff\xfe\"") == -32700);
    CHECK(world.code("1") == -32600);
    CHECK(world.code("[]") == -32600);
    CHECK(world.code("{}") == -32600);
    CHECK(world.code(R"({"id":1,"method":"test_echo","params":["a"]})") == -32600);
    CHECK(world.code(R"({"jsonrpc":"1.0","id":1,"method":"test_echo","params":["a"]})") == -32600);
    CHECK(world.code(R"({"jsonrpc":"2.0","id":1,"method":5})") == -32600);
    CHECK(world.code(R"({"jsonrpc":"2.0","id":{"a":1},"method":"test_echo","params":["a"]})") == -32600);
    CHECK(world.code(R"({"jsonrpc":"2.0","id":1e400,"method":"test_echo","params":["a"]})") == -32600);
    CHECK(world.code(request("no_such", "[]")) == -32601);
}

TEST_CASE("nesting beyond the limit is a parse error, not a stack overflow") {
    World world;
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    CHECK(world.code(deep) == -32700);
    CHECK(world.code(request("test_echo", "[" + deep + "]")) == -32700);
}

TEST_CASE("a wrong parameter is named, with what was expected and what came") {
    World world;
    const auto data = [&](std::string_view params) {
        const json::value answer = json::parse(world.say(request("test_echo", params)));
        CHECK(answer.at("error").at("code") == -32602);
        CHECK(answer.at("error").at("message") == "Invalid params");
        return std::string{answer.at("error").at("data").as_string()};
    };
    CHECK(data("[]") == "parameter `text` is missing");
    CHECK(data("[5]") == "parameter `text`: expected a text, got 5");
    CHECK(data(R"(["a",-1])") == "parameter `times`: expected a whole number, got -1");
    CHECK(data(R"(["a",4294967296])") == "parameter `times`: expected a number up to 4294967295, got 4294967296");
    CHECK(data(R"(["a",1,2])") == "at most 2 parameters, got 3");
    CHECK(data(R"({"text":"a","time":2})") == "no parameter is called `time`");
    CHECK(data(R"("a")") == R"(expected a list or an object of parameters, got "a")");
}

TEST_CASE("a batch is answered as a list, in its order") {
    World world;
    CHECK(
        world.say("[" + request("test_echo", R"(["a"])") + ",5," + request("no_such", "[]") + "]") ==
        R"([{"jsonrpc":"2.0","id":1,"result":"a"},)"
        R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid request","data":"expected an object, got 5"}},)"
        R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}])");
}

TEST_CASE("a batch that is too long is refused whole") {
    World world{{.batch_calls_max = 2}};
    const std::string one = request("test_echo", R"(["a"])");
    CHECK(json::parse(world.say("[" + one + "," + one + "]")).as_array().size() == 2);
    CHECK(world.code("[" + one + "," + one + "," + one + "]") == -32010);
}

TEST_CASE("an answer that is too big becomes an error; a batch stops growing") {
    World world{{.response_bytes_max = 1'000}};
    CHECK(world.code(request("test_echo", R"(["0123456789",80])")) == 0);
    CHECK(world.code(request("test_echo", R"(["0123456789",100])")) == -32008);
    const std::string big = request("test_echo", R"(["0123456789",90])");
    const json::value batch = json::parse(world.say("[" + big + "," + big + "," + big + "]"));
    CHECK(batch.at(1).as_object().contains("result"));
    CHECK(batch.at(2).at("error").at("code") == -32008);
}

TEST_CASE("local methods answer local clients only, and rpc_methods names them all the same") {
    World stranger;
    World local{{}, rpc::Access::Local};
    CHECK(stranger.code(request("test_shut", "[]")) == -32601);
    CHECK(local.code(request("test_shut", "[]")) == 0);
}

TEST_CASE("rpc_methods lists aliases and the names that end subscriptions, sorted") {
    World world;
    const json::value answer = json::parse(world.say(request("rpc_methods", "[]")));
    CHECK(answer.at("result").at("methods") ==
          json::value({"rpc.discover", "rpc_methods", "test_echo", "test_refuse", "test_say", "test_shut",
                       "test_subscribeCount", "test_unsubscribeCount"}));
}

TEST_CASE("rpc.discover describes every method from its declaration") {
    World world;
    const json::value document = json::parse(world.say(request("rpc.discover", "[]"))).at("result");
    CHECK(document.at("info").at("version") == "1.2.3");
    const json::array& methods = document.at("methods").as_array();
    CHECK(methods.size() == 6);
    const auto echo = std::ranges::find_if(methods, [](const json::value& m) { return m.at("name") == "test_echo"; });
    REQUIRE(echo != methods.end());
    CHECK(echo->at("params").at(0).at("name") == "text");
    CHECK(echo->at("params").at(0).at("required") == true);
    CHECK(echo->at("params").at(1).at("required") == false);
    CHECK(echo->at("x-aliases") == json::value({"test_say"}));
}

TEST_CASE("a subscription pushes to its outlet until it is ended by its own name") {
    World world;
    CHECK(world.say(request("test_subscribeCount", "[1]")) == R"({"jsonrpc":"2.0","id":1,"result":"1"})");
    world.bodies.everybody({5, "x"});
    CHECK(
        world.outlet->sent ==
        std::vector<std::string>{
            R"({"jsonrpc":"2.0","method":"test_count","params":{"subscription":"1","result":{"number":1,"padding":""}}})",
            R"({"jsonrpc":"2.0","method":"test_count","params":{"subscription":"1","result":{"number":5,"padding":"x"}}})"});
    CHECK(world.say(request("test_unsubscribeCount", R"(["2"])")) == R"({"jsonrpc":"2.0","id":1,"result":false})");
    CHECK(world.say(request("test_unsubscribeCount", "[1]")) == R"({"jsonrpc":"2.0","id":1,"result":true})");
    CHECK(world.say(request("test_unsubscribeCount", "[1]")) == R"({"jsonrpc":"2.0","id":1,"result":false})");
    CHECK(world.code(request("test_unsubscribeCount", "[]")) == -32602);
    CHECK(world.bodies.open() == 0);
}

TEST_CASE("without an outlet there are no subscriptions") {
    World world;
    world.outlet.reset();
    CHECK(world.code(request("test_subscribeCount", "[0]")) == -32601);
}

TEST_CASE("subscriptions are bounded; finished ones make room") {
    World world{{.subscriptions_max = 2}};
    CHECK(world.code(request("test_subscribeCount", "[0]")) == 0);
    CHECK(world.code(request("test_subscribeCount", "[0]")) == 0);
    CHECK(world.code(request("test_subscribeCount", "[0]")) == -32006);
    world.bodies.finish_all();
    CHECK(world.code(request("test_subscribeCount", "[0]")) == 0);
    CHECK(world.session.subscriptions() == 1);
}

TEST_CASE("the admission is asked once a message with the number of its calls") {
    std::vector<std::size_t> asked;
    World world{{}, rpc::Access::Public, [&](std::size_t calls) -> std::optional<std::uint32_t> {
                    asked.push_back(calls);
                    return calls > 1 ? std::optional<std::uint32_t>{250} : std::nullopt;
                }};
    const std::string one = request("test_echo", R"(["a"])");
    CHECK(world.code(one) == 0);
    CHECK(world.code("[" + one + "," + one + "]") == -32999);
    CHECK(asked == std::vector<std::size_t>{1, 2});
}
