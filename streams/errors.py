"""Errors meant for the person at the keyboard: what is wrong, where, and what to do."""


class MotcuaError(Exception):
    """Base of every error whose text is for people; the command line prints it without a traceback."""


class SettingsError(MotcuaError):
    """A setting that is unknown, cannot be read, or contradicts another; also a settings file."""


class BrokerUnreachable(MotcuaError):
    """No Kafka broker answered in the time given."""


class BrokerRefused(MotcuaError):
    """A Kafka broker answered and turned us away: wrong user, password, mechanism or protocol."""


class TopicsUnfit(MotcuaError):
    """Topics are missing, could not be created, or are not as this version needs them."""


class LocalKafkaFailed(MotcuaError):
    """The Kafka broker on this machine cannot be prepared, did not start, or ended by itself."""
