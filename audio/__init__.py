"""What is in the sound of a call: who speaks when, what is said, and how."""

import os

# torch's threads wait for each other by spinning. On a machine with other work that makes a call
# many times slower; a short spin costs nothing on an idle one. Read when torch is first loaded.
os.environ.setdefault("GOMP_SPINCOUNT", "2000")
