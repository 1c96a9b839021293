/* One line without an end, of bytes that are no text. */
#include <unistd.h>

int main(void)
{
	char data[4096];

	for (unsigned i = 0; i < sizeof(data); i++) {
		data[i] = (char)(i * 7);
		if (data[i] == '\n')
			data[i] = '\0';
	}
	for (int i = 0; i < 30; i++)
		if (write(1, data, sizeof(data)) < 0)
			return 1;
	return 0;
}
