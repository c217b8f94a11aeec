/* elfutils can ask a debuginfod server for what it does not find. This stage never does, whatever the user's environment says: a
 * server that is named there is not even called. */
#include "symbols/symbolize.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static int server;

static void a_missing_module_is_not_asked_for(void **state)
{
    (void)state;
    char path[] = "/nonexistent/libgone.so";
    struct module modules[2] = {[1] = {.path = path, .build_id = {1, 2, 3, 4, 5, 6, 7, 8}, .build_id_size = 20}};
    struct world world = {.modules = modules, .module_count = 2};
    struct symbolizer *symbolizer = symbolizer_new(&world);
    uint32_t count;
    assert_null(symbolizer_frame(symbolizer, (struct frame){{1}, 0x1000}, &count)->function);
    assert_null(symbolizer_variable(symbolizer, (struct module_id){1}, 0x1000));
    assert_int_equal(symbolizer_quality(symbolizer, (struct module_id){1}), SYMBOLS_FILE_MISSING);
    symbolizer_free(symbolizer);
    assert_int_equal(accept(server, NULL, NULL), -1);
    assert_int_equal(errno, EAGAIN);
}

/* The library reads its environment when it is loaded, so the program has to start again after the server is there. */
static void start_again_with_server(char **arguments)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    char url[64], descriptor[16];
    server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (server < 0 || bind(server, (struct sockaddr *)&address, size) != 0 || listen(server, 8) != 0 ||
        getsockname(server, (struct sockaddr *)&address, &size) != 0)
        err(2, "a socket on the loopback interface");
    snprintf(url, sizeof url, "http://127.0.0.1:%u", ntohs(address.sin_port));
    snprintf(descriptor, sizeof descriptor, "%d", server);
    setenv("DEBUGINFOD_URLS", url, 1);
    setenv("DEBUGINFOD_TIMEOUT", "2", 1);
    execl("/proc/self/exe", arguments[0], descriptor, (char *)NULL);
    err(2, "%s", arguments[0]);
}

int main(int argument_count, char **arguments)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_missing_module_is_not_asked_for)};
    if (argument_count < 2)
        start_again_with_server(arguments);
    server = atoi(arguments[1]);
    return cmocka_run_group_tests(tests, NULL, NULL) == 0 ? 0 : 1;
}
