#include "//etc/./passwd"
