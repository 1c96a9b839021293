#include "/mnt/hidden/solution.c"
