/* git.exe for Wine: sends its folder, arguments, GIT_ and LC_ variables and input to the git of this machine
   (git_server.py), whose port is in the file git.port beside it, and gives back what that says. */
#include <winsock2.h>
#include <windows.h>
#include <shellapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static SOCKET server;

static void fail(const char *why) {
    fprintf(stderr, "fatal: git_server.py: %s\n", why);
    exit(128);
}

static void put(const char *bytes, int count) {
    for (int done; count > 0; bytes += done, count -= done)
        if ((done = send(server, bytes, count, 0)) <= 0) fail("it takes nothing");
}

/* A text with the zero at its end. */
static void put_text(const wchar_t *text) {
    int count = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *bytes = malloc(count);
    WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, count, NULL, NULL);
    put(bytes, count);
    free(bytes);
}

static unsigned get_number(void) {
    unsigned number;
    if (recv(server, (char *)&number, sizeof number, MSG_WAITALL) != sizeof number) fail("it says nothing");
    return ntohl(number);
}

static void copy_to(DWORD stream, unsigned count) {
    char bytes[65536];
    DWORD written;
    while (count > 0) {
        int got = recv(server, bytes, count < sizeof bytes ? count : sizeof bytes, 0);
        if (got <= 0) fail("it stopped");
        count -= got;
        /* Nobody may be reading any more. */
        WriteFile(GetStdHandle(stream), bytes, got, &written, NULL);
    }
}

int main(void) {
    wchar_t place[4096];
    GetModuleFileNameW(NULL, place, 4000);
    wcscpy(wcsrchr(place, L'\\'), L"\\git.port");
    FILE *file = _wfopen(place, L"r");
    int port;
    if (!file || fscanf(file, "%d", &port) != 1) fail("no port");
    WSADATA data;
    WSAStartup(MAKEWORD(2, 2), &data);
    server = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(server, (struct sockaddr *)&address, sizeof address)) fail("it is not there");

    GetCurrentDirectoryW(4096, place);
    put_text(place);
    int count;
    wchar_t **arguments = CommandLineToArgvW(GetCommandLineW(), &count);
    char number[16];
    put(number, sprintf(number, "%d", count - 1) + 1);
    for (int at = 1; at < count; at++) put_text(arguments[at]);
    for (wchar_t *one = GetEnvironmentStringsW(); *one; one += wcslen(one) + 1)
        if (!wcsncmp(one, L"GIT_", 4) || !wcsncmp(one, L"LC_", 3)) put_text(one);
    put("", 1);
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    char bytes[65536];
    DWORD read;
    if (GetFileType(input) == FILE_TYPE_PIPE || GetFileType(input) == FILE_TYPE_DISK)
        while (ReadFile(input, bytes, sizeof bytes, &read, NULL) && read > 0) put(bytes, read);
    shutdown(server, SD_SEND);

    int status = (int)get_number();
    copy_to(STD_OUTPUT_HANDLE, get_number());
    copy_to(STD_ERROR_HANDLE, get_number());
    return status;
}
