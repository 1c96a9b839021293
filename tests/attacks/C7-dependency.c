/* Asks how old a file is. */
#pragma GCC dependency "/etc/passwd"

int main(void)
{
	return 0;
}
