/* Added by Passalong to pyi_utils.c: where the search for the archive begins.
 *
 * The search goes backwards from the end of the file and believes what it finds first, so that
 * anybody could put another archive behind the program or into its signature. Freezing writes
 * here, as a little-endian number, where the program's own archive ends (installer/bundle/bound.py).
 * Zero means that it did not: then all of the file is searched, as without this file. */

static const volatile unsigned char passalong_bound[32] = "~Passalong~archive~ends~";

static uint64_t
passalong_search_end(uint64_t file_size)
{
    uint64_t end = 0;
    int i;

    for (i = 31; i >= 24; i--) {
        end = (end << 8) | passalong_bound[i];
    }
    return (end != 0 && end < file_size) ? end : file_size;
}

