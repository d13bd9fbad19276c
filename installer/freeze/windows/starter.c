/* The program that menus, links and pins start: it starts the newest installed copy and waits.
 *
 * It lies in the program folder, beside the file `current` with the name of the newest copy's
 * folder, and once more in the folder of each copy that has been removed, for whoever still starts
 * that one (client/install/copying.py). It passes on words, streams and exit code, and gives the
 * program the right to come to the front, which Windows gives only to what the person started. */

#include <windows.h>

#define LONGEST 32768
#define LONGEST_NAME 128
#define ATTEMPTS 40
#define PAUSE_MILLISECONDS 50

static wchar_t own_path[LONGEST];
static wchar_t program[LONGEST];
static wchar_t words[LONGEST + LONGEST];

/* Cuts the last part off a path; zero if there is none. */
static int
go_up(wchar_t *path)
{
    wchar_t *end = path + lstrlenW(path);

    while (end > path && *end != L'\\') {
        end--;
    }
    *end = 0;
    return end > path;
}

/* A name that leads nowhere but into a folder of ours. */
static int
is_name(const wchar_t *name)
{
    int i;

    if (name[0] != L'a' || name[1] != L'p' || name[2] != L'p' || name[3] != L'-') {
        return 0;
    }
    for (i = 4; name[i]; i++) {
        if (name[i] < L' ' || name[i] == L'\\' || name[i] == L'/' || name[i] == L':') {
            return 0;
        }
    }
    return 1;
}

/* Writes the path of the newest copy to `program`, if `folder` is the program folder. */
static int
find_below(const wchar_t *folder)
{
    static char said[LONGEST_NAME];
    static wchar_t name[LONGEST_NAME];
    DWORD count = 0;
    HANDLE file;

    if (lstrlenW(folder) + LONGEST_NAME + 32 > LONGEST) {
        return 0;
    }
    lstrcpyW(program, folder);
    lstrcatW(program, L"\\current");
    /* Shared with everybody, so that an update can replace it at this very moment. */
    file = CreateFileW(program, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                       NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        return 0;
    }
    ReadFile(file, said, sizeof(said) - 1, &count, NULL);
    CloseHandle(file);
    said[count] = 0;
    if (!MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, said, -1, name, LONGEST_NAME)
        || !is_name(name)) {
        return 0;
    }
    lstrcpyW(program, folder);
    lstrcatW(program, L"\\");
    lstrcatW(program, name);
    lstrcatW(program, L"\\Passalong.exe");
    return lstrcmpiW(program, own_path) != 0;
}

static int
find(void)
{
    static wchar_t folder[LONGEST];

    lstrcpyW(folder, own_path);
    return go_up(folder) && (find_below(folder) || (go_up(folder) && find_below(folder)));
}

/* What follows the program's own name on the command line, exactly as it was given. */
static const wchar_t *
given_words(void)
{
    const wchar_t *at = GetCommandLineW();
    int is_quoted = 0;

    while (*at && (is_quoted || (*at != L' ' && *at != L'\t'))) {
        if (*at == L'"') {
            is_quoted = !is_quoted;
        }
        at++;
    }
    return at;
}

static int
start(PROCESS_INFORMATION *started)
{
    STARTUPINFOW how;

    GetStartupInfoW(&how);
    how.lpReserved = NULL;
    lstrcpyW(words, L"\"");
    lstrcatW(words, program);
    lstrcatW(words, L"\"");
    if (lstrlenW(words) + lstrlenW(given_words()) >= LONGEST) {
        return 0;
    }
    lstrcatW(words, given_words());
    return CreateProcessW(program, words, NULL, NULL, TRUE, 0, NULL, NULL, &how, started);
}

static void
say_that_it_failed(void)
{
    const wchar_t *text = L"Passalong is not complete any more. Please download it again.";

    if (PRIMARYLANGID(GetUserDefaultUILanguage()) == LANG_GERMAN) {
        text = L"Passalong ist nicht mehr vollst\u00e4ndig. Bitte laden Sie es noch einmal herunter.";
    }
    MessageBoxW(NULL, text, L"Passalong", MB_OK | MB_ICONERROR);
}

/* The very first function: without the C runtime the program is a tenth as large. */
void WINAPI
begin(void)
{
    PROCESS_INFORMATION started;
    DWORD code = 1;
    int attempt;

    GetModuleFileNameW(NULL, own_path, LONGEST);
    /* An update may be replacing what we look for. */
    for (attempt = 0; !(find() && start(&started)); attempt++) {
        if (attempt == ATTEMPTS) {
            say_that_it_failed();
            ExitProcess(1);
        }
        Sleep(PAUSE_MILLISECONDS);
    }
    AllowSetForegroundWindow(started.dwProcessId);
    CloseHandle(started.hThread);
    WaitForSingleObject(started.hProcess, INFINITE);
    GetExitCodeProcess(started.hProcess, &code);
    CloseHandle(started.hProcess);
    ExitProcess(code);
}
