"""Everything calltone raises on purpose.

::

    CalltoneError
    ├── RecordingError      a file that cannot be judged as a call recording
    ├── WeightsError        no usable Whisper weights
    └── SettingsError       a setting, pattern, metadata file or result file is wrong

A message says what was found, what was expected and what to do about it.
"""


class CalltoneError(Exception):
    """Base of every error that calltone raises on purpose."""


class RecordingError(CalltoneError):
    """A recording that cannot be read, or holds nothing to judge."""


class WeightsError(CalltoneError):
    """Whisper weights that cannot be found, or are not what they should be."""


class SettingsError(CalltoneError):
    """A setting, pattern, metadata file or stored result that cannot be used."""
