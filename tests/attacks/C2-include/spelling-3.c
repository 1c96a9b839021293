#include "../../../../../etc/passwd"
