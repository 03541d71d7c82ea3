// What the server and the client over gRPC C++ share.
#pragma once

#include <fstream>
#include <sstream>
#include <string>

#include "echo.grpc.pb.h"

inline const std::string author = "spiffe://pulih.test/facility/rutan-kraksaan/role/counselor/siti";

// The message that is echoed; the values are those of `EchoMessage.sample` in Tests/Echo/API.
inline void fill(echo::EchoMessage *message, int64_t number) {
    static const std::string session(
        "\x01\x99\xc6\xa0\x12\x34\x75\x67\x89\xab\xcd\xef\x01\x23\x45\x67", 16);
    message->set_id(number);
    message->set_session(session);
    message->set_participant("0199c6a0-1111-7222-8333-444455556666");
    message->set_facility("rutan-kraksaan");
    message->set_program("sosial-6");
    message->set_author(author);
    message->set_remark(
        "Came on time, took part in the group, and asked for a talk tomorrow morning.");
    message->set_started_at(1790000000.25);
    message->set_ended_at(1790003600.5);
    message->set_score(71.4285);
    message->set_minutes(60);
    message->set_is_closed(true);
    message->clear_answers();
    for (int answer = 0; answer < 10; answer++) message->add_answers(answer % 5);
}

inline bool is_right(const echo::EchoMessage &message, int64_t number) {
    return message.id() == number && message.author() == author;
}

inline std::string text(const char *file) {
    std::ifstream input(file);
    std::stringstream content;
    content << input.rdbuf();
    return content.str();
}
