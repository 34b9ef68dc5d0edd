"""Jobs and dataflows: submit them, place them, and tie them to what they made."""
