#define own_header 1
