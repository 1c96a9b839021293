#include "/proc/self/root/etc/passwd"
