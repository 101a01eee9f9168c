"""Languages of the course: the choice of one, and translations of messages. English is the source."""

from dlseq.languages.catalogue import Translator, get_translator, read_messages
from dlseq.languages.choice import LANGUAGES, choose_language

__all__ = ["LANGUAGES", "Translator", "choose_language", "get_translator", "read_messages"]
