#error the header of the system was replaced
