/* Added by Passalong to pyi_utils_win32.c: the name of the folder for the unpacked program.
 *
 * PyInstaller leaves it to _wtempnam, and refuses to start when the folder's name does not begin
 * with all of the prefix. Microsoft's runtime keeps the prefix, that of Wine cuts it to three
 * characters. Who makes the folder makes sure that it is new. */

static wchar_t *
passalong_folder_name(const wchar_t *parent, const wchar_t *prefix)
{
    size_t room = wcslen(parent) + wcslen(prefix) + 17;
    wchar_t *name = malloc(room * sizeof(wchar_t));
    LARGE_INTEGER now;

    if (name != NULL) {
        QueryPerformanceCounter(&now);
        swprintf(name, room, L"%ls%ls%llx", parent, prefix, now.QuadPart);
    }
    return name;
}

