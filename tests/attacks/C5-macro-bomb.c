/* 10^9 tokens. */
#define A(x) x x x x x x x x x x
#define B(x) A(A(A(x)))
#define C(x) B(B(B(x)))

int table[] = {C(1 -) 1};

int main(void)
{
	return table[0];
}
