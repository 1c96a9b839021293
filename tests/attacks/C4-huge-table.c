/* An object of 8 GiB. */
char table[1LL << 33] = {1};

int main(void)
{
	return table[0];
}
