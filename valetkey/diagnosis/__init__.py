"""Why a code does not work: rules over the record, the platform's answer and what was pasted."""
