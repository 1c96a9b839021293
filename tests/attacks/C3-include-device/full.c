#include "/dev/full"
