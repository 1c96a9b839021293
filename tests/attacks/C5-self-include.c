/* Includes itself twice, two hundred deep. */
#include __FILE__
#include __FILE__
