#include "/dev/fd/0"
