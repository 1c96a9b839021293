#include <../../../../etc/passwd>
