/* python3.dll passes all names on to Python's own DLL, and has nothing to do when it is loaded. */

int
DllMainCRTStartup(void *module, unsigned long reason, void *reserved)
{
    (void)module; (void)reason; (void)reserved;
    return 1;
}
