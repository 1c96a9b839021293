/* NULs, invalid UTF-8, surrogates, a byte order mark, no last newline. */
#include <unistd.h>

int main(void)
{
	static const char text[] = "do\0ne\n\xff\xfe\x80\n\xc0\xaf\n"
				   "\xed\xa0\x80\n\xef\xbb\xbf"
				   "done";

	return write(1, text, sizeof(text) - 1) < 0;
}
